#pragma once

#include "core/base/expression.h"

#include <QCoreApplication>

namespace birch {

/// One word or sign of an expression.
struct ExpressionToken {
    enum class Kind : quint8 { Number, Text, Name, Sign, End };
    Kind kind = Kind::End;
    qsizetype position = 0;
    qsizetype length = 0;
    /// Number: the decimal text; Text: without quotes; Name: without backticks; Sign: in ASCII.
    QString text = {};
    QString unit = {};     ///< Number: as typed, "" for none
    bool isQuoted = false; ///< Name: in backticks, so neither a function nor a word like "and"

    bool isSign(QLatin1StringView sign) const { return kind == Kind::Sign && text == sign; }
    bool isWord(QLatin1StringView word) const
    {
        return kind == Kind::Name && !isQuoted && text == word;
    }
};

/// Cuts \a text into tokens, the last one of kind End. A unit belongs to the number in front of it:
/// the longest known one that is written without a space inside. \a opaqueUnits: units that only
/// names have.
class ExpressionLexer
{
    Q_DECLARE_TR_FUNCTIONS(ExpressionLexer)

public:
    ExpressionLexer(const QString &text, const QStringList &opaqueUnits,
                    QList<ExpressionProblem> *problems);
    QList<ExpressionToken> tokens();

private:
    QChar at(qsizetype index) const { return index < m_text.size() ? m_text[index] : QChar(); }
    bool readNumber(ExpressionToken *token);
    void readUnit(ExpressionToken *token);
    void readText(ExpressionToken *token);
    void readName(ExpressionToken *token);
    bool readSign(ExpressionToken *token);
    qsizetype unitTermEnd(qsizetype from) const;
    bool isUnit(const QString &symbol) const;
    void problem(qsizetype position, qsizetype length, const QString &message,
                 const QString &remedy);

    const QString &m_text;
    const QStringList &m_opaqueUnits;
    QList<ExpressionProblem> *m_problems;
    qsizetype m_at = 0;
};

/// Whether \a word is one that no name may be: and, or, not, true, false.
bool isExpressionWord(const QString &word);

} // namespace birch
