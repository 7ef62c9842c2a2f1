#include "tests/widgets/shell/window_fixture.h"

#include "app/session/resource_paths.h"
#include "app/window_wiring.h"
#include "core/plan/standard_nodes.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {
constexpr int kLeaveMs = 12'000; // the safe path's own limit is 10 s
}

StationFixture::StationFixture(const QString &smuFaults)
    : m_bench(m_folder.filePath(u"test.bench.yaml"_s))
    , m_registry(standardNodes())
{
    QFile demo(exampleFile(u"demo.bench.yaml"_s));
    QFile bench(m_bench);
    if (!demo.open(QIODevice::ReadOnly) || !bench.open(QIODevice::WriteOnly)) {
        m_problem = demo.fileName() + bench.fileName();
        return;
    }
    QByteArray text = demo.readAll();
    text.replace("time_factor: 1 ", "time_factor: 20 ");
    if (!smuFaults.isEmpty())
        text.replace("    definition: demo-smu\n",
                     "    definition: demo-smu\n    faults: [\"" + smuFaults.toUtf8() + "\"]\n");
    bench.write(text);
}

StationFixture::~StationFixture()
{
    dropWindow();
}

void StationFixture::dropWindow()
{
    m_window.reset();
    m_changes.reset();
    m_reader.reset();
    m_station.reset();
    m_data.reset();
}

MainWindow &StationFixture::openWindow()
{
    dropWindow();
    applyTheme(*qApp, ThemeMode::Light);
    const StationOptions options{
        path(u"birch.db"_s),
        m_bench,
        u"ada"_s,
        {{u"spool.path"_s, path(u"spool"_s)}, {u"station.name"_s, u"TEST"_s}}};
    Problems problems;
    const Settings settings = StationData::readSettings(options, &problems);
    auto data = StationData::open(options, settings);
    if (!data)
        qFatal("%s", qPrintable(data.error().message));
    m_data = std::move(data).value();
    if (const auto recovered = m_data->recover(); !recovered)
        qFatal("%s", qPrintable(recovered.error().message));
    auto bench = StationBench::open(m_bench, &problems);
    if (!bench)
        qFatal("%s", qPrintable(problems.value(0).message));
    m_station = std::make_unique<Workstation>(*m_data, std::move(bench));
    m_reader = std::make_unique<StoreReader>(m_data->database(), m_data->user());
    m_changes = std::make_unique<ChangeFeed>(m_data->database());
    m_window = std::make_unique<MainWindow>(
        wireWindow(*m_station, *m_reader, *m_changes, m_registry, path(u"state"_s)));
    m_window->resize(1440, 900);
    m_window->show();
    return *m_window;
}

bool StationFixture::closeWindow()
{
    QSignalSpy left(m_window.get(), &MainWindow::left);
    m_window->close();
    return !left.isEmpty() || left.wait(kLeaveMs);
}

void click(QWidget *widget)
{
    QTest::mouseClick(widget, Qt::LeftButton);
}

void type(QWidget *field, const QString &text)
{
    if (auto *box = qobject_cast<QComboBox *>(field))
        field = box->lineEdit();
    click(field);
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(field, text);
}

void tick(QListWidget *list, const QString &name)
{
    for (int row = 0; row < list->count(); ++row) {
        if (list->item(row)->text() != name)
            continue;
        const QRect rect = list->visualItemRect(list->item(row));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          QPoint(rect.left() + 10, rect.center().y()));
    }
}

} // namespace birch::test
