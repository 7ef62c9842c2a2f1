#include "core/plan/document_text.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr qsizetype kColumns = 100;

/// Keys in front of all others, and behind them; the rest is sorted by name between.
constexpr std::array kFirst{
    u"format",         u"version", u"name",       u"id",        u"kind",     u"label",
    u"enabled",        u"timeout", u"on_failure", u"retries",   u"back_off", u"back_off_factor",
    u"back_off_limit", u"details", u"movement",   u"positions", u"start",    u"stop"};
constexpr std::array kLast{u"fields", u"children", u"root", u"items"};

template<typename Table>
qsizetype rank(const Table &table, const QString &key)
{
    return std::find_if(table.begin(), table.end(),
                        [&key](const char16_t *entry) { return key == QStringView(entry); }) -
           table.begin();
}

QStringList orderedKeys(const QJsonObject &object)
{
    QStringList keys = object.keys(); // sorted by name
    std::stable_sort(keys.begin(), keys.end(), [](const QString &a, const QString &b) {
        const auto place = [](const QString &key) {
            if (const qsizetype first = rank(kFirst, key); first < qsizetype(kFirst.size()))
                return first;
            const qsizetype last = rank(kLast, key);
            return last < qsizetype(kLast.size()) ? 1000 + last : qsizetype(500);
        };
        return place(a) < place(b);
    });
    return keys;
}

QByteArray scalarText(const QJsonValue &value)
{
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

/// Appends on one line; stops once \a out is longer than \a limit. False: it was.
bool appendCompact(const QJsonValue &value, QByteArray *out, qsizetype limit)
{
    if (out->size() > limit)
        return false;
    QByteArray separator;
    if (value.isArray()) {
        const QJsonArray list = value.toArray();
        out->append('[');
        for (const QJsonValue &item : list) {
            out->append(separator);
            separator = ", ";
            if (!appendCompact(item, out, limit))
                return false;
        }
        out->append(']');
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        out->append('{');
        for (const QString &key : orderedKeys(object)) {
            out->append(separator + scalarText(key) + ": ");
            separator = ", ";
            if (!appendCompact(object.value(key), out, limit))
                return false;
        }
        out->append('}');
    } else {
        out->append(scalarText(value));
    }
    return out->size() <= limit;
}

void append(const QJsonValue &value, qsizetype depth, QByteArray *out);

void appendItems(const QJsonValue &value, qsizetype depth, QByteArray *out)
{
    const QByteArray indent((depth + 1) * 2, ' ');
    QByteArray separator = "\n";
    if (value.isArray()) {
        const QJsonArray list = value.toArray();
        for (const QJsonValue &item : list) {
            out->append(separator + indent);
            separator = ",\n";
            append(item, depth + 1, out);
        }
        return;
    }
    const QJsonObject object = value.toObject();
    for (const QString &key : orderedKeys(object)) {
        out->append(separator + indent + scalarText(key) + ": ");
        separator = ",\n";
        append(object.value(key), depth + 1, out);
    }
}

void append(const QJsonValue &value, qsizetype depth, QByteArray *out)
{
    const bool isNested = value.isArray() || value.isObject();
    const bool isDocument = depth == 0;
    if (!isNested) {
        out->append(scalarText(value));
        return;
    }
    QByteArray line;
    const qsizetype column = out->size() - (out->lastIndexOf('\n') + 1);
    if (!isDocument && appendCompact(value, &line, kColumns - 1 - column)) {
        out->append(line);
        return;
    }
    out->append(value.isArray() ? '[' : '{');
    appendItems(value, depth, out);
    out->append('\n' + QByteArray(depth * 2, ' ') + (value.isArray() ? ']' : '}'));
}

} // namespace

QByteArray documentText(const QJsonValue &value)
{
    QByteArray out;
    append(value, 0, &out);
    out.append('\n');
    return out;
}

std::optional<JsonFile> parseDocument(const QByteArray &text, const QString &file,
                                      Problems *problems)
{
    if (text.size() <= kMaxDocumentBytes)
        return parseJson(text, file, problems);
    Problem problem;
    problem.file = file;
    problem.message = QCoreApplication::translate("PlanDocument", "The file is larger than %1 MiB")
                          .arg(kMaxDocumentBytes / 1024 / 1024);
    problem.remedy = QCoreApplication::translate(
        "PlanDocument", "Choose a scan or queue file: they are a few kilobytes");
    problems->append(problem);
    return {};
}

Problem unreadable(const QString &file, const Error &error)
{
    Problem problem;
    problem.file = file;
    problem.message = error.message;
    problem.remedy = QCoreApplication::translate("PlanDocument",
                                                 "Name a file that exists and that you may read");
    return problem;
}

} // namespace birch
