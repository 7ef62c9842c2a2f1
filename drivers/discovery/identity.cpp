#include "drivers/discovery/identity.h"

#include "drivers/transport/make_transport.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr auto kQuery = "*IDN?";
constexpr qsizetype kLongestAnswer = 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("Identity", text);
}

} // namespace

bool Identity::hasSerialNumber() const
{
    static const QRegularExpression none(u"^(?:[0\\W]*|n/?a|none|unknown|s/?n:? ?0*|xx+)$"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    return !none.match(serialNumber).hasMatch();
}

QString Identity::key() const
{
    if (!hasSerialNumber())
        return {};
    QString name = model.toLower();
    if (name.startsWith(u"model"))
        name.remove(0, 5);
    name.remove(u' ');
    return name + u'/' + serialNumber.toLower();
}

Identity identityFrom(const QString &answer)
{
    const bool isOxford = answer.startsWith(u"IDN:") && !answer.contains(u',');
    const QStringList fields = isOxford ? answer.split(u':').sliced(1) : answer.split(u',');
    const auto field = [&](int i) { return fields.value(i).trimmed(); };
    return {field(0), field(1), field(2), field(3)};
}

Result<QString> askIdentity(const QString &address, const Call &call)
{
    LinkOptions options;
    options.maxMessage = kLongestAnswer;
    auto link = makeTransport(address, options);
    if (!link)
        return link.error();
    if (Status opened = link.value()->open(call); !opened)
        return opened.error();
    const auto answer = link.value()->query(kQuery, ReplyShape::Line, call);
    link.value()->close();
    if (!answer)
        return answer.error();
    const QString text = QString::fromUtf8(answer.value()).trimmed();
    const bool isText = std::all_of(text.begin(), text.end(), [](QChar c) { return c.isPrint(); });
    if (text.isEmpty() || !isText)
        return Error{ErrorCode::Protocol,
                     tr("%1 answers *IDN? with no text; it may speak another language")
                         .arg(link.value()->address())};
    return text;
}

IdentityMatcher::IdentityMatcher(const QList<DefinitionPtr> &definitions)
{
    // One that fits a name that nobody has fits all: it says nothing of who answered.
    const QString nobody = u"Nobody Inc.,Nothing,0,0"_s;
    for (const DefinitionPtr &definition : definitions) {
        const IdentityCheck &check = definition->identity;
        if (check.query.trimmed().toUpper() == kQuery && check.pattern.isValid() &&
            !check.pattern.pattern().isEmpty() && !check.pattern.match(nobody).hasMatch())
            m_definitions.append(definition);
    }
}

DefinitionPtr IdentityMatcher::match(const QString &identity) const
{
    for (const DefinitionPtr &definition : m_definitions) {
        if (definition->identity.pattern.match(identity).hasMatch())
            return definition;
    }
    return nullptr;
}

} // namespace birch
