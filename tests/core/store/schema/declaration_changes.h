#pragma once

#include "core/store/entity/entity_fields.h"
#include "core/store/entity/entity_spec.h"

#include <algorithm>
#include <functional>

namespace birch::test {

using Specs = QList<EntitySpec>;
using Edit = std::function<void(Specs &)>;

/// What `db new` can not know, and what a person writes instead of its guess.
struct Settlement {
    QString mark; ///< part of the line
    QString value = {};
    QString guess = QStringLiteral("NULL");
};

/// A declaration changed in one way.
struct DeclarationChange {
    const char *name;
    Edit edit;
    QList<Settlement> marks = {}; ///< all that are asked for; empty: none
    QStringList loses = {};       ///< tables and table.columns whose values do not come back
};

inline EntitySpec &specOf(Specs &specs, const QString &table)
{
    return *std::ranges::find(specs, table, &EntitySpec::table);
}

inline EntityField &fieldOf(Specs &specs, const QString &table, const QString &name)
{
    return *std::ranges::find(specOf(specs, table).fields, name, &EntityField::name);
}

inline EntitySpec gadgetSpec()
{
    using namespace Qt::StringLiterals;
    return EntitySpec{u"gadgets"_s,
                      u"gadget"_s,
                      u"name"_s,
                      {fields::lab(), fields::name(), fields::description(),
                       fields::choice(u"state"_s, u"State"_s, {u"good"_s, u"broken"_s}).indexed(),
                       fields::reference(u"sample"_s, u"Sample"_s, u"samples"_s),
                       fields::real(u"weight"_s, u"Weight"_s).in(u"kg"_s).atLeast(0),
                       fields::flag(u"is_loud"_s, u"Loud"_s, false)}}
        .unique({u"lab"_s, u"name"_s});
}

/// One field of each type, named after it.
inline QList<EntityField> everyField()
{
    using namespace Qt::StringLiterals;
    using namespace fields;
    return {text(u"a_text"_s, u"Text"_s),
            longText(u"a_long_text"_s, u"Long text"_s),
            integer(u"an_integer"_s, u"Integer"_s),
            real(u"a_real"_s, u"Real"_s),
            flag(u"a_flag"_s, u"Flag"_s, true),
            date(u"a_date"_s, u"Date"_s),
            time(u"a_time"_s, u"Time"_s),
            choice(u"a_choice"_s, u"Choice"_s, {u"one"_s, u"it's"_s}),
            unit(u"a_unit"_s, u"Unit"_s),
            json(u"a_json"_s, u"JSON"_s),
            reference(u"a_reference"_s, u"Reference"_s, u"equipment"_s),
            object(u"an_object"_s, u"Object"_s)};
}

inline Edit adding(const QList<EntityField> &added)
{
    return [added](Specs &specs) { specOf(specs, QStringLiteral("samples")).fields += added; };
}

inline Edit changing(const QString &table, const QString &name,
                     const std::function<void(EntityField &)> &change)
{
    return [=](Specs &specs) { change(fieldOf(specs, table, name)); };
}

inline Edit dropping(const QString &table, const QString &name)
{
    return [=](Specs &specs) {
        specOf(specs, table).fields.removeIf([&name](const EntityField &candidate) {
            return candidate.name == name;
        });
    };
}

/// Every type, required of rows that have nothing for it.
inline DeclarationChange everyFieldRequired()
{
    using namespace Qt::StringLiterals;
    QList<EntityField> required = everyField();
    for (EntityField &field : required)
        field.isRequired = true;
    const auto rows = [](const QString &column, const QString &value) {
        return Settlement{u"samples.%1 of rows that exist"_s.arg(column), value};
    };
    return {"required field of every type",
            adding(required),
            {rows(u"a_text"_s, u"'red'"_s), rows(u"a_long_text"_s, u"'red'"_s),
             rows(u"an_integer"_s, u"1"_s), rows(u"a_real"_s, u"1.5"_s),
             rows(u"a_date"_s, u"'2026-01-31'"_s), rows(u"a_time"_s, u"1"_s),
             rows(u"a_choice"_s, u"'one'"_s), rows(u"a_unit"_s, u"'K'"_s),
             rows(u"a_json"_s, u"'{}'"_s),
             rows(u"a_reference_id"_s, u"(SELECT min(id) FROM equipment)"_s),
             rows(u"an_object_object_id"_s, u"(SELECT min(id) FROM objects)"_s)}};
}

inline QList<DeclarationChange> additions()
{
    using namespace Qt::StringLiterals;
    using namespace fields;
    const EntityField colour = text(u"colour"_s, u"Colour"_s);
    const EntityField machine = reference(u"machine"_s, u"Machine"_s, u"equipment"_s);
    const QString machines = u"(SELECT min(id) FROM equipment)"_s;
    return {
        {"entity", [](Specs &specs) { specs << gadgetSpec(); }},
        {"field of every type", adding(everyField())},
        everyFieldRequired(),
        {"required field with a default",
         adding({integer(u"n"_s, u"N"_s).required().initially(3)})},
        {"field with bounds", adding({real(u"w"_s, u"W"_s).atLeast(-1).atMost(2.5)})},
        {"field with an index", adding({colour.indexed()})},
        {"searchable field", adding({colour.searchable()})},
        {"unique field", adding({colour.unique()})},
        {"reference that is emptied", adding({machine})},
        {"reference that forbids",
         adding({machine.required()}),
         {{u"samples.machine_id of rows that exist"_s, machines}}},
        {"reference that takes along",
         adding({machine.required().owned()}),
         {{u"samples.machine_id of rows that exist"_s, machines}}},
        {"unique together",
         [](Specs &specs) {
             specOf(specs, u"samples"_s).uniqueTogether << QStringList{u"material"_s, u"name"_s};
         },
         {{u"samples.material, name becomes unique"_s}}},
    };
}

inline QList<DeclarationChange> removals()
{
    using namespace Qt::StringLiterals;
    const QString samples = u"samples"_s;
    return {
        {"entity gone",
         [](Specs &specs) {
             specs.removeIf([](const EntitySpec &spec) { return spec.table == u"user_pins"_s; });
         },
         {{u"user_pins is declared no more"_s}},
         {u"user_pins"_s}},
        {"field gone", dropping(samples, u"substrate"_s), {}, {u"samples.substrate"_s}},
        {"choice gone", dropping(samples, u"status"_s), {}, {u"samples.status"_s}},
        {"reference gone", dropping(samples, u"parent"_s), {}, {u"samples.parent_id"_s}},
        {"required field gone",
         dropping(u"precursor_inventory"_s, u"quantity"_s),
         {{u"precursor_inventory.quantity of rows that exist"_s, u"1"_s}},
         {u"precursor_inventory.quantity"_s}},
        {"field renamed",
         [](Specs &specs) { fieldOf(specs, u"samples"_s, u"substrate"_s).name = u"carrier"_s; },
         {{u"samples.substrate goes and carrier comes"_s},
          {u"samples.carrier goes and substrate comes"_s}}},
        {"required field renamed",
         [](Specs &specs) {
             EntitySpec &units = specOf(specs, u"precursor_inventory"_s);
             std::ranges::find(units.fields, u"unit"_s, &EntityField::name)->name = u"symbol"_s;
         },
         {{u"precursor_inventory.unit goes and symbol comes"_s},
          {u"precursor_inventory.symbol goes and unit comes"_s}}},
        {"field replaced",
         [](Specs &specs) { fieldOf(specs, u"samples"_s, u"substrate"_s).name = u"carrier"_s; },
         {{u"samples.substrate goes and carrier comes"_s, u"NULL"_s, u"substrate"_s},
          {u"samples.carrier goes and substrate comes"_s, u"NULL"_s, u"carrier"_s}},
         {u"samples.substrate"_s}},
        {"index gone",
         changing(samples, u"status"_s, [](EntityField &field) { field.isIndexed = false; })},
        {"not unique",
         changing(u"labs"_s, u"name"_s, [](EntityField &field) { field.isUnique = false; })},
        {"not unique together",
         [](Specs &specs) { specOf(specs, u"projects"_s).uniqueTogether.removeLast(); }},
    };
}

inline QList<DeclarationChange> alterations()
{
    using namespace Qt::StringLiterals;
    const QString samples = u"samples"_s;
    return {
        {"whole number to number",
         changing(u"notification_log"_s, u"retry_count"_s,
                  [](EntityField &field) { field.type = EntityFieldType::Real; })},
        {"text to whole number",
         changing(samples, u"material"_s,
                  [](EntityField &field) { field.type = EntityFieldType::Integer; }),
         {{u"samples.material turns from text into int"_s, u"length(material)"_s,
           u"CAST(material AS {int})"_s}},
         {u"samples.material"_s}},
        {"flag to text", changing(u"subscribers"_s, u"is_verified"_s,
                                  [](EntityField &field) {
                                      field.type = EntityFieldType::Text;
                                      field.defaultValue = {};
                                  })},
        {"required",
         changing(samples, u"name"_s, [](EntityField &field) { field.isRequired = true; }),
         {{u"samples.name is required"_s, u"'nameless'"_s}}},
        {"not required",
         changing(samples, u"sample_id"_s, [](EntityField &field) { field.isRequired = false; }),
         {{u"samples.sample_id is required"_s, u"'S'"_s}}},
        {"another default",
         changing(samples, u"status"_s,
                  [](EntityField &field) { std::swap(field.choices[0], field.choices[1]); })},
        {"more choices",
         changing(samples, u"status"_s, [](EntityField &field) { field.choices << u"lost"_s; })},
        {"fewer choices",
         changing(samples, u"status"_s, [](EntityField &field) { field.choices.removeLast(); }),
         {{u"samples.status loses the choices 'archived'"_s}},
         {u"samples.status"_s}},
        {"bounds",
         changing(u"projects"_s, u"budget"_s, [](EntityField &field) { field.minimum = 0; }),
         {{u"projects.budget must be budget >= 0"_s}}},
        {"no bounds", changing(u"notification_log"_s, u"retry_count"_s,
                               [](EntityField &field) { field.minimum.reset(); })},
        {"delete rule",
         changing(samples, u"project"_s, [](EntityField &field) { field.isOwned = true; })},
        {"index",
         changing(samples, u"material"_s, [](EntityField &field) { field.isIndexed = true; })},
        {"unique",
         changing(samples, u"name"_s, [](EntityField &field) { field.isUnique = true; }),
         {{u"samples.name becomes unique"_s}}},
        {"several",
         [](Specs &specs) {
             specs << gadgetSpec();
             specOf(specs, u"samples"_s).fields
                 << fields::reference(u"gadget"_s, u"Gadget"_s, u"gadgets"_s);
             fieldOf(specs, u"samples"_s, u"status"_s).choices << u"lost"_s;
             dropping(u"projects"_s, u"goals"_s)(specs);
         },
         {},
         {u"projects.goals"_s}},
    };
}

} // namespace birch::test
