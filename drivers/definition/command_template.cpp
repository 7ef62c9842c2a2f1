#include "drivers/definition/command_template.h"

#include <QCoreApplication>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::CommandTemplate)
};

Error badTemplate(const QString &message)
{
    return {ErrorCode::BadInput, message};
}
} // namespace

Result<CommandTemplate> CommandTemplate::parse(const QString &text)
{
    CommandTemplate result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        QByteArray &part = result.m_takesValue ? result.m_after : result.m_before;
        if (c < 0x20 || c == 0x7f)
            return badTemplate(
                Text::tr("A command is one line: leave line ends to the link's terminators"));
        if (c > 0xff)
            return badTemplate(
                Text::tr("\"%1\" can not be sent: use Latin-1 characters").arg(text[i]));
        const bool isDoubled = i + 1 < text.size() && text[i + 1] == text[i];
        if ((c == u'{' || c == u'}') && isDoubled) {
            part.append(char(c));
            ++i;
        } else if (c == u'{') {
            const qsizetype end = text.indexOf(u'}', i);
            if (end < 0)
                return badTemplate(
                    Text::tr("A { has no }: write {value}, or {{ for the brace itself"));
            const QString name = text.mid(i + 1, end - i - 1);
            if (name != u"value")
                return badTemplate(
                    Text::tr("Unknown placeholder {%1}: the only one is {value}").arg(name));
            if (result.m_takesValue)
                return badTemplate(
                    Text::tr("{value} is given twice: one command carries one value"));
            result.m_takesValue = true;
            i = end;
        } else if (c == u'}') {
            return badTemplate(Text::tr("A } has no {: write {value}, or }} for the brace itself"));
        } else {
            part.append(char(c));
        }
    }
    return result;
}

std::optional<QByteArray> CommandTemplate::valueIn(const QByteArray &message) const
{
    const QByteArray trimmed = message.trimmed();
    const QByteArray head = m_before.trimmed();
    const QByteArray tail = m_after.trimmed();
    if (!m_takesValue || trimmed.size() < head.size() + tail.size() || !trimmed.startsWith(head) ||
        !trimmed.endsWith(tail))
        return std::nullopt;
    return trimmed.mid(head.size(), trimmed.size() - head.size() - tail.size()).trimmed();
}

} // namespace birch
