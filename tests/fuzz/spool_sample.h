#pragma once

#include "core/data/spool_format.h"

/// The scan whose spool is fuzzed: one object of a number, a text and an array of bools.
inline birch::SpoolHeader sampleSpoolHeader()
{
    using namespace Qt::StringLiterals;
    birch::ColumnSpec number;
    number.name = u"v"_s;
    birch::ColumnSpec text;
    text.name = u"s"_s;
    text.type = birch::ColumnType::Utf8;
    birch::ColumnSpec array;
    array.name = u"a"_s;
    array.type = birch::ColumnType::Bool;
    array.shape = {3};
    return {QUuid::createUuid(),
            QUuid::createUuid(),
            u"F-1"_s,
            1,
            u"F"_s,
            "x",
            {{QUuid::createUuid(), u"t"_s, {number, text, array}}},
            {0}};
}
