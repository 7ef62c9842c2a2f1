#include "core/base/json_reader.h"

#include "core/base/near_word.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch::JsonReader", text);
}

QString nameOf(QJsonValue::Type type)
{
    switch (type) {
    case QJsonValue::Bool:
        return tr("true or false");
    case QJsonValue::Double:
        return tr("a number");
    case QJsonValue::String:
        return tr("a text in quotes");
    case QJsonValue::Array:
        return tr("a list in [ ]");
    case QJsonValue::Object:
        return tr("an object in { }");
    default:
        return tr("nothing");
    }
}

QString join(const QString &parent, const QString &key)
{
    return parent.isEmpty() || key.isEmpty() ? parent + key : parent + u'.' + key;
}

} // namespace

JsonReader::JsonReader(QJsonObject object, JsonContext context)
    : JsonReader(std::move(object), std::move(context), {}, {}, {})
{
}

JsonReader::JsonReader(const JsonFile &file, Problems *problems)
    : JsonReader(file.root, {file.path, &file.lines, problems}, {}, {}, {})
{
}

JsonReader::JsonReader(QJsonObject object, JsonContext context, QString path, QString field,
                       QString node)
    : m_object(std::move(object))
    , m_context(std::move(context))
    , m_path(std::move(path))
    , m_field(std::move(field))
    , m_node(std::move(node))
{
}

JsonReader::JsonReader(JsonReader &&other) noexcept
    : m_object(std::move(other.m_object))
    , m_context(std::exchange(other.m_context, {}))
    , m_path(std::move(other.m_path))
    , m_field(std::move(other.m_field))
    , m_node(std::move(other.m_node))
    , m_asked(std::move(other.m_asked))
    , m_isGood(other.m_isGood)
{
}

JsonReader::~JsonReader()
{
    if (m_context)
        reportUnknown();
}

void JsonReader::setNode(const QString &node)
{
    m_node = node;
    m_field.clear();
}

bool JsonReader::has(const char *key) const
{
    return m_object.contains(QLatin1StringView(key));
}

void JsonReader::problem(const QString &key, const QString &message, const QString &remedy)
{
    m_isGood = false;
    Problem problem;
    problem.file = m_context->file;
    problem.node = m_node;
    problem.field = join(m_field, key);
    problem.line = m_context->lines ? m_context->lines->lineOf(join(m_path, key)) : 0;
    problem.message = message;
    problem.remedy = remedy;
    m_context->problems->append(problem);
}

void JsonReader::reportUnknown()
{
    for (const QString &key : m_object.keys()) {
        if (m_asked.contains(key))
            continue;
        const QString near = nearestWord(key, m_asked);
        problem(key, tr("\"%1\" is not known here").arg(key),
                near.isEmpty() ? tr("Remove it; known are: %1").arg(m_asked.join(u", "_s))
                               : tr("Write \"%1\", or remove it").arg(near));
    }
}

QJsonValue JsonReader::value(const char *key)
{
    const auto name = QString::fromLatin1(key);
    if (!m_asked.contains(name))
        m_asked.append(name);
    return m_object.value(name);
}

QJsonValue JsonReader::take(const char *key, QJsonValue::Type type, bool isRequired)
{
    const QJsonValue found = value(key);
    if (found.type() == type)
        return found;
    const auto name = QString::fromLatin1(key);
    if (!found.isUndefined()) {
        problem(name, tr("\"%1\" is of the wrong kind").arg(name),
                tr("Make it %1").arg(nameOf(type)));
    } else if (isRequired) {
        problem(name, tr("\"%1\" is missing").arg(name),
                tr("Add \"%1\": %2").arg(name, nameOf(type)));
    }
    return QJsonValue(QJsonValue::Undefined);
}

QString JsonReader::text(const char *key)
{
    return take(key, QJsonValue::String, true).toString();
}

QString JsonReader::text(const char *key, const QString &fallback)
{
    return take(key, QJsonValue::String, false).toString(fallback);
}

bool JsonReader::flag(const char *key)
{
    return take(key, QJsonValue::Bool, true).toBool();
}

bool JsonReader::flag(const char *key, bool fallback)
{
    return take(key, QJsonValue::Bool, false).toBool(fallback);
}

double JsonReader::number(const char *key)
{
    return take(key, QJsonValue::Double, true).toDouble();
}

double JsonReader::number(const char *key, double fallback)
{
    return take(key, QJsonValue::Double, false).toDouble(fallback);
}

qint64 JsonReader::integer(const char *key, qint64 minimum, qint64 maximum)
{
    if (!has(key)) {
        (void)take(key, QJsonValue::Double, true);
        return std::clamp<qint64>(0, minimum, maximum);
    }
    return integerOr(key, std::clamp<qint64>(0, minimum, maximum), minimum, maximum);
}

qint64 JsonReader::integerOr(const char *key, qint64 fallback, qint64 minimum, qint64 maximum)
{
    const QJsonValue found = take(key, QJsonValue::Double, false);
    if (found.isUndefined())
        return fallback;
    const auto name = QString::fromLatin1(key);
    const bool isWhole = found.toInteger(0) == found.toInteger(1); // else it returns its argument
    if (!isWhole) {
        problem(name, tr("\"%1\" is not a whole number").arg(name),
                tr("Write a whole number, without a point"));
        return fallback;
    }
    const qint64 value = found.toInteger();
    if (value < minimum || value > maximum) {
        problem(name, tr("\"%1\" is out of range").arg(name),
                maximum == kMaximum
                    ? tr("Write a whole number of at least %1").arg(minimum)
                    : tr("Write a whole number from %1 to %2").arg(minimum).arg(maximum));
        return fallback;
    }
    return value;
}

QUuid JsonReader::uid(const char *key)
{
    if (!has(key)) {
        (void)take(key, QJsonValue::String, true);
        return {};
    }
    return uid(key, QUuid());
}

QUuid JsonReader::uid(const char *key, const QUuid &fallback)
{
    const QJsonValue found = take(key, QJsonValue::String, false);
    if (found.isUndefined())
        return fallback;
    const QUuid uid = QUuid::fromString(found.toString());
    if (uid.isNull()) {
        const auto name = QString::fromLatin1(key);
        problem(name, tr("\"%1\" is not an id").arg(found.toString()),
                tr("Write a UUID, or leave \"%1\" out of a new file").arg(name));
        return fallback;
    }
    return uid;
}

int JsonReader::version(const char *key, int newest)
{
    const qint64 found = integer(key, 1);
    if (found > newest) {
        problem(QString::fromLatin1(key),
                tr("The file has format %1; this program knows formats up to %2")
                    .arg(found)
                    .arg(newest),
                tr("Open it with a newer Birch"));
    }
    return int(std::min<qint64>(found, newest));
}

QJsonArray JsonReader::takeArray(const char *key)
{
    return take(key, QJsonValue::Array, false).toArray();
}

QStringList JsonReader::texts(const char *key)
{
    QStringList texts;
    const QJsonArray array = takeArray(key);
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (!array.at(i).isString())
            problem(u"%1[%2]"_s.arg(QLatin1StringView(key)).arg(i), tr("This is no text"),
                    tr("Put it in quotes"));
        texts.append(array.at(i).toString());
    }
    return texts;
}

QList<double> JsonReader::numbers(const char *key)
{
    QList<double> numbers;
    const QJsonArray array = takeArray(key);
    numbers.reserve(array.size());
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (!array.at(i).isDouble())
            problem(u"%1[%2]"_s.arg(QLatin1StringView(key)).arg(i), tr("This is no number"),
                    tr("Write a number without quotes and unit"));
        numbers.append(array.at(i).toDouble());
    }
    return numbers;
}

JsonReader JsonReader::object(const char *key)
{
    const QJsonObject found = take(key, QJsonValue::Object, true).toObject();
    const auto name = QString::fromLatin1(key);
    return JsonReader(found, *m_context, join(m_path, name), join(m_field, name), m_node);
}

std::optional<JsonReader> JsonReader::objectIfAny(const char *key)
{
    const QJsonValue found = take(key, QJsonValue::Object, false);
    if (!found.isObject())
        return {};
    return object(key);
}

std::vector<JsonReader> JsonReader::objects(const char *key)
{
    std::vector<JsonReader> readers;
    const QJsonArray array = takeArray(key);
    readers.reserve(size_t(array.size()));
    for (qsizetype i = 0; i < array.size(); ++i) {
        const QString name = u"%1[%2]"_s.arg(QLatin1StringView(key)).arg(i);
        if (!array.at(i).isObject()) {
            problem(name, tr("This is no object"), tr("Write an object in { }"));
            continue;
        }
        readers.push_back(JsonReader(array.at(i).toObject(), *m_context, join(m_path, name),
                                     join(m_field, name), m_node));
    }
    return readers;
}

void JsonReader::wrongChoice(const char *key, const QStringList &names)
{
    const auto name = QString::fromLatin1(key);
    const QString found = m_object.value(name).toString();
    const QString near = nearestWord(found, names);
    problem(name, tr("\"%1\" is no %2").arg(found, name),
            near.isEmpty() ? tr("Write one of: %1").arg(names.join(u", "_s))
                           : tr("Write \"%1\"; possible are: %2").arg(near, names.join(u", "_s)));
}

} // namespace birch
