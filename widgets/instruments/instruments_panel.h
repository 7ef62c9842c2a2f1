#pragma once

#include <QMap>
#include <QPointer>
#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace birch {

class Bench;
class BenchPort;
class DiscoverDialog;
class InstrumentCard;
class InstrumentHost;

/// The instruments of the bench, a card each, in columns; they come and go with the bench.
class InstrumentsPanel : public QWidget
{
    Q_OBJECT
public:
    /// Both outlive it.
    InstrumentsPanel(Bench &bench, BenchPort &port, QWidget *parent = nullptr);

    void connectAll();
    void discover(); ///< opens the dialog, or brings it to the front
    void reload();   ///< the bench file, as it is now

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

private:
    QWidget *makeTop();
    QWidget *makeEmpty(QWidget *parent);
    void addCard(InstrumentHost *host);
    void arrange();

    Bench &m_bench;
    BenchPort &m_port;
    QMap<InstrumentHost *, InstrumentCard *> m_cards;
    QLabel *m_title;
    QWidget *m_content;
    QWidget *m_empty;
    QVBoxLayout *m_sides[2];
    QPointer<DiscoverDialog> m_discover;
};

} // namespace birch
