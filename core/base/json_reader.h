#pragma once

#include "core/base/json_file.h"

#include <QJsonArray>
#include <QJsonValue>
#include <QStringList>
#include <QUuid>

#include <array>
#include <limits>
#include <optional>
#include <vector>

namespace birch {

/// Where problems of a reader go and what they are labelled with. Outlives its readers.
struct JsonContext {
    QString file;
    const JsonLines *lines = nullptr; ///< may be null: no line numbers
    Problems *problems = nullptr;
};

/// Reads one object of our files strictly: what is missing, of the wrong type or out of range
/// becomes a Problem with file, node, field, line and remedy, and the getter returns its fallback,
/// so that one pass collects everything. A key that nobody asked for is a problem when the reader
/// goes out of scope.
///
///     JsonReader sweep(object, context);
///     const QString label = sweep.text("label", {});          // may be absent
///     const double settle = sweep.number("settle_s", 0);
///     const Kind kind = sweep.choice("kind", kKinds);         // must be there
///     for (JsonReader &child : sweep.objects("children")) ...
class JsonReader
{
public:
    template<typename Value>
    struct Choice {
        const char16_t *name;
        Value value;
    };

    JsonReader(QJsonObject object, JsonContext context);
    explicit JsonReader(const JsonFile &file, Problems *problems);
    JsonReader(JsonReader &&other) noexcept;
    JsonReader &operator=(JsonReader &&) = delete;
    ~JsonReader(); ///< reports the keys that nobody asked for

    /// Problems from here on carry this node id, and fields counted from this object.
    void setNode(const QString &node);
    QString node() const { return m_node; }
    bool has(const char *key) const;
    /// False once anything was wrong in this reader itself (not in its children).
    bool isGood() const { return m_isGood; }

    // Without a fallback the key must be there.
    QString text(const char *key);
    QString text(const char *key, const QString &fallback);
    bool flag(const char *key);
    bool flag(const char *key, bool fallback);
    double number(const char *key);
    double number(const char *key, double fallback);
    qint64 integer(const char *key, qint64 minimum = kMinimum, qint64 maximum = kMaximum);
    qint64 integerOr(const char *key, qint64 fallback, qint64 minimum = kMinimum,
                     qint64 maximum = kMaximum);
    QUuid uid(const char *key);
    QUuid uid(const char *key, const QUuid &fallback);
    /// "format": 1; a newer one than \a newest is a problem of its own.
    int version(const char *key, int newest);

    template<typename Value, size_t N>
    Value choice(const char *key, const std::array<Choice<Value>, N> &choices);
    template<typename Value, size_t N>
    Value choice(const char *key, const std::array<Choice<Value>, N> &choices, Value fallback);

    QStringList texts(const char *key);     ///< an array of texts; absent: empty
    QList<double> numbers(const char *key); ///< an array of numbers; absent: empty

    JsonReader object(const char *key); ///< must be there; an empty one after the problem
    std::optional<JsonReader> objectIfAny(const char *key);
    std::vector<JsonReader> objects(const char *key); ///< an array of objects; absent: empty

    /// Any value, for the caller to judge; Undefined where absent.
    QJsonValue value(const char *key);
    /// The key may be there and is nobody's business (extra_data).
    void allow(const char *key) { (void)value(key); }
    QStringList keys() const { return m_object.keys(); }
    const QJsonObject &raw() const { return m_object; }

    /// A problem of the caller's own about \a key, or about the whole object where it is empty.
    void problem(const QString &key, const QString &message, const QString &remedy);

private:
    static constexpr qint64 kMinimum = std::numeric_limits<qint64>::min();
    static constexpr qint64 kMaximum = std::numeric_limits<qint64>::max();

    JsonReader(QJsonObject object, JsonContext context, QString path, QString field, QString node);
    QJsonValue take(const char *key, QJsonValue::Type type, bool isRequired);
    QJsonArray takeArray(const char *key);
    void reportUnknown();
    void wrongChoice(const char *key, const QStringList &names);

    QJsonObject m_object;
    std::optional<JsonContext> m_context; ///< none once moved from
    QString m_path;                       ///< of this object in the file, for lines
    QString m_field;                      ///< of this object in its node, for problems
    QString m_node;
    QStringList m_asked;
    bool m_isGood = true;
};

template<typename Value, size_t N>
Value JsonReader::choice(const char *key, const std::array<Choice<Value>, N> &choices)
{
    const QJsonValue found = take(key, QJsonValue::String, true);
    QStringList names;
    for (const Choice<Value> &choice : choices) {
        if (found.toString() == QStringView(choice.name))
            return choice.value;
        names.append(QString::fromUtf16(choice.name));
    }
    if (found.isString())
        wrongChoice(key, names);
    return choices.front().value;
}

template<typename Value, size_t N>
Value JsonReader::choice(const char *key, const std::array<Choice<Value>, N> &choices,
                         Value fallback)
{
    if (has(key))
        return choice(key, choices);
    (void)value(key);
    return fallback;
}

} // namespace birch
