#pragma once

#include "drivers/definition/yaml_reader.h"

namespace birch {

/// `calibration:` of one instrument of a bench file, into its calibrations and into the columns
/// whose values it changes.
void readCalibration(YamlReader &instrument, InstrumentSpec *spec);

} // namespace birch
