#include "core/base/definition_text.h"

#include <QCryptographicHash>

namespace birch {

QByteArray definitionVersion(const QList<QByteArray> &texts)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &text : texts) {
        if (texts.size() > 1)
            hash.addData(QByteArray::number(text.size()) + ' ');
        hash.addData(text);
    }
    return hash.result().toHex();
}

} // namespace birch
