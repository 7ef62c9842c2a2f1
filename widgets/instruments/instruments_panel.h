#pragma once

#include <QMap>
#include <QWidget>

namespace birch {

class Bench;

/// The instruments of the bench, a card each, in columns as the width allows.
class InstrumentsPanel : public QWidget
{
    Q_OBJECT
public:
    /// \a addresses: nickname -> VISA resource string as the bench file gives it.
    InstrumentsPanel(Bench &bench, const QMap<QString, QString> &addresses,
                     QWidget *parent = nullptr);

    void connectAll();

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

private:
    Bench &m_bench;
};

} // namespace birch
