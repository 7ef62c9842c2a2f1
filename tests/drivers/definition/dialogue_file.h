#pragma once

#include "tests/support/scripted_server.h"

#include <QFile>
#include <QList>
#include <QString>

namespace birch {

/// A scripted conversation with one shipped instrument, read from a *.dialogue file: what is asked
/// of the definition, line by line, each followed by the bytes that must go over the wire.
///
///     # remark                     where the facts come from
///     terminator \r\n              of both directions; reply terminator: `answers end \r`
///     open                         or: move NAME VALUE · at NAME VALUE [moving] · stop NAME ·
///     > *IDN?                      read NAME VALUES… · set KEY VALUE · get KEY VALUE · close
///     < ACME,1                     act NAME · acting NAME yes|no ·
///                                  `fails TEXT: ACTION`: it must fail, with TEXT in the sentence
///
/// `frames` at the top instead of a terminator: the bytes are hexadecimal and that is all of them.
/// \n, \r, \0, \\ and \xNN stand for bytes. A value that is no number is written nan, an overload
/// over.
struct DialogueFile {
    struct Step {
        int line = 0;
        QString action;
        QString name;
        QString value;
        QString failure; ///< part of the expected sentence; "": must succeed
    };
    std::string terminator = "\n";
    std::string replyTerminator = "\n";
    QList<Step> steps;
    std::vector<test::Exchange> exchanges;
    QString problem; ///< the file itself is wrong
};

inline std::string unescaped(const QByteArray &text)
{
    std::string bytes;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            bytes += text[i];
            continue;
        }
        const char c = text[++i];
        if (c == 'x') {
            bytes += char(text.mid(i + 1, 2).toInt(nullptr, 16));
            i += 2;
        } else {
            bytes += c == 'n' ? '\n' : c == 'r' ? '\r' : c == '0' ? '\0' : c;
        }
    }
    return bytes;
}

inline DialogueFile::Step stepFrom(int line, QString text)
{
    DialogueFile::Step step;
    step.line = line;
    if (text.startsWith(u"fails ")) {
        const qsizetype colon = text.indexOf(u':');
        step.failure = text.mid(6, colon - 6).trimmed();
        text = text.mid(colon + 1).trimmed();
    }
    step.action = text.section(u' ', 0, 0);
    step.name = text.section(u' ', 1, 1);
    step.value = text.section(u' ', 2);
    return step;
}

inline DialogueFile readDialogue(const QString &path)
{
    DialogueFile dialogue;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        dialogue.problem = QStringLiteral("%1 is missing: write one from the manual").arg(path);
    int number = 0;
    bool isHex = false;
    for (const QByteArray &raw : file.readAll().split('\n')) {
        ++number;
        const QByteArray line = raw.trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        const auto bytes = [&](const QByteArray &text) {
            return isHex ? QByteArray::fromHex(text).toStdString() : unescaped(text.trimmed());
        };
        if (line == "frames") {
            isHex = true;
            dialogue.terminator = dialogue.replyTerminator = "";
        } else if (line.startsWith("terminator ")) {
            dialogue.terminator = dialogue.replyTerminator = unescaped(line.mid(11));
        } else if (line.startsWith("answers end ")) {
            dialogue.replyTerminator = unescaped(line.mid(12));
        } else if (line.startsWith('>')) {
            dialogue.exchanges.push_back({bytes(line.mid(1)), {}});
        } else if (line.startsWith('<') && !dialogue.exchanges.empty()) {
            std::string &answer = dialogue.exchanges.back().answer;
            answer += bytes(line.mid(1)) + dialogue.replyTerminator;
        } else if (line.startsWith('<')) {
            dialogue.problem = QStringLiteral("%1:%2: an answer to nothing").arg(path).arg(number);
        } else {
            dialogue.steps.append(stepFrom(number, QString::fromUtf8(line)));
        }
    }
    for (test::Exchange &exchange : dialogue.exchanges)
        exchange.expect += dialogue.terminator;
    return dialogue;
}

} // namespace birch
