#include "widgets/models/tree_document.h"

#include "core/base/file_writer.h"
#include "core/plan/scan_json.h"
#include "widgets/models/scan_tree_model.h"

#include <QFile>
#include <QFileInfo>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr std::chrono::milliseconds kCompileDelay{120}; // while typing

/// Wraps an edit; do and undo are the same: apply what is held, keep its inverse.
class EditCommand final : public QUndoCommand
{
public:
    EditCommand(ScanTreeModel &model, TreeEdit edit, const QString &text, const QString &mergeKey)
        : QUndoCommand(text)
        , m_model(model)
        , m_edit(std::move(edit))
        , m_mergeKey(mergeKey)
    {
    }

    void redo() override { run(); }
    void undo() override { run(); }
    int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *other) override
    {
        // Ours holds the way back to before the first of them: the newer one can go.
        return static_cast<const EditCommand *>(other)->m_mergeKey == m_mergeKey;
    }

private:
    void run()
    {
        if (auto inverse = m_model.perform(m_edit))
            m_edit = std::move(inverse).value();
        else
            setObsolete(true);
    }

    ScanTreeModel &m_model;
    TreeEdit m_edit;
    QString m_mergeKey;
};

} // namespace

TreeDocument::TreeDocument(const NodeRegistry &registry, BenchSpecs bench, QObject *parent)
    : QObject(parent)
    , m_registry(registry)
    , m_bench(std::move(bench))
    , m_model(new ScanTreeModel(registry, this))
    , m_compileTimer(new QTimer(this))
{
    m_compileTimer->setSingleShot(true);
    m_compileTimer->setInterval(kCompileDelay);
    connect(m_compileTimer, &QTimer::timeout, this, &TreeDocument::compileNow);
    connect(&m_undo, &QUndoStack::indexChanged, this, &TreeDocument::scheduleCompile);
    connect(&m_undo, &QUndoStack::cleanChanged, this, &TreeDocument::fileChanged);
    connect(m_model, &ScanTreeModel::editRequested, this,
            [this](TreeEdit *edit, const QString &text) { (void)apply(std::move(*edit), text); });
    compileNow();
}

TreeDocument::~TreeDocument()
{
    m_undo.disconnect(); // its own end clears it, and whoever listens may be half gone
}

const ScanTree &TreeDocument::tree() const
{
    return m_model->tree();
}

void TreeDocument::setBench(const BenchSpecs &bench)
{
    m_bench = bench;
    m_compileTimer->start(); // the tree is as it was
}

void TreeDocument::setLibrary(TreeLibrary library)
{
    if (library == m_library)
        return;
    m_library = std::move(library);
    emit libraryChanged();
    scheduleCompile();
}

Status TreeDocument::apply(TreeEdit edit, const QString &text, const QString &mergeKey)
{
    if (const Status check = edit.check(tree()); !check)
        return check;
    const QString key =
        mergeKey.isEmpty() ? QString() : mergeKey + u'#' + QString::number(m_mergeRound);
    m_undo.push(new EditCommand(*m_model, std::move(edit), text, key));
    scheduleCompile(); // a merged step does not move the stack's index
    return ok();
}

void TreeDocument::scheduleCompile()
{
    emit changed();
    m_compileTimer->start();
}

const CompiledPlan &TreeDocument::compiled()
{
    if (m_compileTimer->isActive())
        compileNow();
    return m_compiled;
}

void TreeDocument::compileNow()
{
    m_compileTimer->stop();
    m_compiled = compilePlan(tree(), m_bench, m_registry, m_path, m_library);
    m_model->setProblems(isEmpty() ? Problems() : m_compiled.problems);
    emit compiledChanged();
}

QString TreeDocument::title() const
{
    if (!tree().name.isEmpty())
        return tree().name;
    return m_path.isEmpty() ? tr("Untitled scan")
                            : QFileInfo(m_path).fileName().section(u".scan.json"_s, 0, 0);
}

bool TreeDocument::isEmpty() const
{
    return tree().root()->childCount() == 0;
}

void TreeDocument::clear()
{
    TreeEdit edit(TreeEdit::Replace{ScanTree()});
    (void)m_model->perform(edit);
    m_undo.clear();
    m_path.clear();
    emit fileChanged();
    compileNow();
}

Problems TreeDocument::open(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {Problem{.file = path,
                        .message = tr("The file can not be read: %1").arg(file.errorString()),
                        .remedy = tr("Check that it exists and that you may read it.")}};
    ReadTree read = readTreeText(file.readAll(), m_registry, path);
    if (!read.tree)
        return read.problems;
    TreeEdit edit(TreeEdit::Replace{*std::move(read.tree)});
    (void)m_model->perform(edit);
    m_undo.clear();
    m_path = path;
    emit fileChanged();
    compileNow();
    return {};
}

Problems TreeDocument::load(const QJsonObject &document, const QString &title)
{
    ReadTree read = readTree(document, m_registry, title);
    if (!read.tree)
        return read.problems;
    m_path.clear();
    (void)apply(TreeEdit(TreeEdit::Replace{*std::move(read.tree)}), tr("Load %1").arg(title));
    emit fileChanged();
    compileNow();
    return {};
}

QByteArray TreeDocument::text() const
{
    return treeToText(tree());
}

Status TreeDocument::save(const QString &path)
{
    if (const Status written = writeFile(path, text()); !written)
        return written.error().within(tr("Saving the scan tree"));
    m_path = path;
    m_undo.setClean();
    emit fileChanged();
    return ok();
}

Problems TreeDocument::restore(const QByteArray &text, const QString &path)
{
    ReadTree read = readTreeText(text, m_registry, path);
    if (!read.tree)
        return read.problems;
    clear();
    (void)apply(TreeEdit(TreeEdit::Replace{*std::move(read.tree)}), tr("Restore unsaved tree"));
    m_path = path;
    emit fileChanged();
    compileNow();
    return {};
}

} // namespace birch
