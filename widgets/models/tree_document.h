#pragma once

#include "core/plan/plan_compiler.h"
#include "core/plan/tree_edit.h"

#include <QObject>
#include <QUndoStack>

class QTimer;

namespace birch {

class ScanTreeModel;

/// The tree being edited: its model, its undo stack, its file, and what compiling it says. Every
/// change is a step of the undo stack. UI thread.
class TreeDocument : public QObject
{
    Q_OBJECT
public:
    TreeDocument(const NodeRegistry &registry, BenchSpecs bench, QObject *parent = nullptr);
    ~TreeDocument() override;

    ScanTreeModel &model() { return *m_model; }
    QUndoStack &undoStack() { return m_undo; }
    const ScanTree &tree() const;
    const BenchSpecs &bench() const { return m_bench; }
    void setBench(const BenchSpecs &bench);
    /// What may be included by name.
    const TreeLibrary &library() const { return m_library; }
    void setLibrary(TreeLibrary library);

    /// One undo step called \a text. Steps with the same non-empty \a mergeKey that follow each
    /// other become one, until endMerge().
    Status apply(TreeEdit edit, const QString &text, const QString &mergeKey = {});
    void endMerge() { ++m_mergeRound; }

    /// The newest compilation; takes place shortly after a change, or at once when asked here.
    const CompiledPlan &compiled();
    void compileNow();

    const QString &path() const { return m_path; } ///< "" for a tree without a file
    QString title() const;                         ///< name for the window and the queue
    bool isModified() const { return !m_undo.isClean(); }
    bool isEmpty() const;

    void clear(); ///< a new, empty tree without a file
    /// Problems on failure; then nothing has changed.
    Problems open(const QString &path);
    /// Replaces the tree by one from history or the demo, without a file; may be undone.
    Problems load(const QJsonObject &document, const QString &title);
    Status save(const QString &path);
    /// The tree as text, for the autosave file.
    QByteArray text() const;
    /// Takes an autosaved tree: modified, belonging to \a path.
    Problems restore(const QByteArray &text, const QString &path);

signals:
    void changed();
    void compiledChanged();
    void fileChanged();
    void libraryChanged();

private:
    void scheduleCompile();

    const NodeRegistry &m_registry;
    BenchSpecs m_bench;
    TreeLibrary m_library;
    ScanTreeModel *m_model;
    QUndoStack m_undo;
    QString m_path;
    CompiledPlan m_compiled;
    QTimer *m_compileTimer;
    int m_mergeRound = 0;
};

} // namespace birch
