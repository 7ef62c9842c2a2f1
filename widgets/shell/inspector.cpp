#include "widgets/shell/inspector.h"

#include "core/engine/tree_details.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/store_reader.h"
#include "widgets/models/scan_tree_model.h"
#include "widgets/models/tree_document.h"
#include "widgets/queue/details_form.h"
#include "widgets/tree/failure_form.h"
#include "widgets/tree/node_form.h"

#include <QLabel>
#include <QScrollArea>
#include <QTabWidget>
#include <QUndoStack>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kPickerRows = 500; // newest samples offered; older ones are found by typing their id

struct PickerLists {
    QList<NamedRecord> samples;
    QStringList projects;
};

Result<PickerLists> readLists(Connection &connection, const Session &session)
{
    PickerLists lists;
    EntityFilter newest;
    newest.perPage = kPickerRows;
    EntityRepository samples(connection, sampleSpec());
    const auto page = samples.list(session, newest);
    if (!page)
        return page.error();
    for (const EntityRecord &record : page.value().records) {
        const QString id = record.text(samples.spec().humanId);
        const QString name = record.text(u"name"_s);
        lists.samples << NamedRecord{record.uid,
                                     name.isEmpty() || name == id ? id : name + u" · "_s + id};
    }
    EntityRepository projects(connection, projectSpec());
    const auto projectPage = projects.list(session, newest);
    if (!projectPage)
        return projectPage.error();
    for (const EntityRecord &record : projectPage.value().records)
        lists.projects << record.text(u"name"_s);
    return lists;
}

QScrollArea *scrolled(QWidget *content, QWidget *parent)
{
    auto *page = new QWidget(parent);
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->addWidget(content);
    layout->addStretch(1);
    auto *area = new QScrollArea(parent);
    area->setWidget(page);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return area;
}

} // namespace

Inspector::Inspector(TreeDocument &document, StoreReader &reader, const QString &user,
                     QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_reader(reader)
    , m_user(user)
    , m_tabs(new QTabWidget(this))
    , m_node(new NodeForm(document, this))
    , m_details(new DetailsForm(this))
    , m_caption(new QLabel(this))
    , m_failureCaption(
          new QLabel(tr("What happens when a step fails, where its node says nothing:"), this))
    , m_failure(new FailureForm(tr("abort the scan (usual)"), this))
{
    m_caption->setWordWrap(true);
    m_caption->setForegroundRole(QPalette::PlaceholderText);
    auto *details = new QWidget(this);
    auto *detailsLayout = new QVBoxLayout(details);
    detailsLayout->setContentsMargins(0, 0, 0, 0);
    detailsLayout->addWidget(m_caption);
    detailsLayout->addWidget(m_details);
    detailsLayout->addWidget(m_failureCaption);
    detailsLayout->addWidget(m_failure);
    m_tabs->addTab(scrolled(m_node, this), tr("Node"));
    m_tabs->addTab(scrolled(details, this), tr("Scan details"));
    m_tabs->setDocumentMode(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_tabs);
    setMinimumWidth(300);
    m_failureCaption->setWordWrap(true);
    connect(m_failure, &FailureForm::edited, this, &Inspector::failureEdited);
    connect(&document.undoStack(), &QUndoStack::indexChanged, this, &Inspector::showFailure);
    connect(m_details, &DetailsForm::edited, this, &Inspector::detailsEdited);
    connect(m_details, &DetailsForm::sampleWanted, this, &Inspector::makeSample);
    connect(&document.model(), &QAbstractItemModel::modelReset, this, &Inspector::showTreeDetails);
    showTreeDetails();
    m_tabs->setCurrentIndex(0);
}

void Inspector::showNode(const NodeId &node)
{
    m_node->showNode(node);
    if (node.isNull())
        return;
    showTreeDetails();
    m_tabs->setCurrentIndex(0);
}

void Inspector::showTreeDetails()
{
    m_item = {};
    m_caption->setText(tr("Of the scan tree; every scan added to the queue begins with these."));
    m_details->setDetails(scanDetails(m_document.tree().details, {}, m_user));
    showFailure();
}

void Inspector::showFailure()
{
    const bool isOfTree = m_item.isNull();
    m_failureCaption->setVisible(isOfTree);
    m_failure->setVisible(isOfTree);
    m_failure->setRule(m_document.tree().root()->failure);
}

void Inspector::failureEdited()
{
    const ScanNode &root = *m_document.tree().root();
    if (m_failure->rule() != root.failure)
        (void)m_document.apply(TreeEdit(TreeEdit::SetFailure{root.id, m_failure->rule()}),
                               tr("Change failure policy"));
}

void Inspector::showItem(const QueueItem &item, int number)
{
    m_item = item.id;
    m_caption->setText(tr("Of scan %1 in the queue: %2").arg(number).arg(item.name));
    m_details->setDetails(item.details);
    showFailure();
    m_tabs->setCurrentIndex(1);
}

void Inspector::detailsEdited()
{
    const ScanDetails details = m_details->details();
    if (!m_item.isNull())
        return emit itemDetailsEdited(m_item, details);
    const TreeDetails tree = treeDetails(details);
    if (tree != m_document.tree().details)
        (void)m_document.apply(TreeEdit(TreeEdit::SetDetails{m_document.tree().name, tree}),
                               tr("Change scan details"), u"details"_s);
}

void Inspector::reloadLists()
{
    m_reader.ask<PickerLists>(readLists, this, [this](Result<PickerLists> lists) {
        if (!lists)
            return emit failed(lists.error().message);
        m_details->setSamples(lists.value().samples);
        m_details->setProjects(lists.value().projects);
        if (m_item.isNull())
            showTreeDetails(); // a sample known by uid gets its name now
    });
}

void Inspector::makeSample(const QString &name)
{
    m_reader.ask<QString>(
        [name](Connection &connection, const Session &session) -> Result<QString> {
            EntityRepository samples(connection, sampleSpec());
            const auto made = samples.insert(session, {{u"name"_s, name}});
            if (!made)
                return made.error();
            return made.value().uid;
        },
        this,
        [this](Result<QString> uid) {
            if (!uid)
                return emit failed(uid.error().message);
            m_reader.ask<PickerLists>(readLists, this,
                                      [this, made = uid.value()](Result<PickerLists> lists) {
                                          if (!lists)
                                              return emit failed(lists.error().message);
                                          m_details->setSamples(lists.value().samples);
                                          m_details->pickSample(made);
                                      });
        });
}

} // namespace birch
