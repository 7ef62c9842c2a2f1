#include "core/base/unit_table.h"

#include <array>

namespace birch {

namespace {

// Every symbol is here on purpose. The database that comes with udunits is not used: it reads "au"
// as attodalton, "cps" as rotations, takes an angle for a number (so that rpm converts to Hz by
// 2 pi), and must be found on the disk at run time.
constexpr bool kNoPrefix = false;

constexpr std::array kUnits{
    // SI base. The angle is one here: 1 rpm is no frequency.
    UnitRow{"m metre metres meter meters", ""},
    UnitRow{"kg", "", kNoPrefix},
    UnitRow{"s sec second seconds", ""},
    UnitRow{"A ampere amperes amp amps", ""},
    UnitRow{"K kelvin kelvins", ""},
    UnitRow{"mol mole moles", ""},
    UnitRow{"cd candela", ""},
    UnitRow{"rad radian radians", ""},
    // Bench dimensions: each converts to nothing but itself.
    UnitRow{"counts count cts ct", ""},
    UnitRow{"px pixel pixels", ""},
    UnitRow{"arb", ""},
    UnitRow{"sccm", ""},            // depends on the maker's standard conditions
    UnitRow{"Vrms VRMS V_rms", ""}, // to V, Vpp or Vpk only with a waveform
    UnitRow{"Vpp VPP V_pp Vp_p", ""},
    UnitRow{"Vpk Vp V_pk", ""},
    UnitRow{"Arms ARMS A_rms", ""},
    UnitRow{"App A_pp", ""},
    UnitRow{"dB", "", kNoPrefix},
    UnitRow{"rtHz", ""}, // half a power of 1/s: see unit_system.cpp
    UnitRow{"bit bits", ""},
    UnitRow{"sample samples Sa", ""},
    UnitRow{"step steps", ""},
    UnitRow{"photon photons", ""},
    UnitRow{"ML monolayer monolayers", ""},
    // Numbers
    UnitRow{"percent", "0.01", kNoPrefix},
    UnitRow{"permille", "0.001", kNoPrefix},
    UnitRow{"ppm", "1e-6", kNoPrefix},
    UnitRow{"ppb", "1e-9", kNoPrefix},
    UnitRow{"ppt", "1e-12", kNoPrefix},
    // Angle
    UnitRow{"deg degree degrees", "0.0174532925199432957692 rad"},
    UnitRow{"arcmin arcminute", "0.000290888208665721596154 rad", kNoPrefix},
    UnitRow{"arcsec arcsecond", "0.00000484813681109535993590 rad"},
    UnitRow{"turn turns rev revolution revolutions", "6.28318530717958647693 rad", kNoPrefix},
    UnitRow{"sr steradian", "rad^2"},
    // Time
    UnitRow{"min minute minutes", "60 s", kNoPrefix},
    UnitRow{"h hr hour hours", "3600 s", kNoPrefix},
    UnitRow{"d day days", "86400 s", kNoPrefix},
    UnitRow{"week weeks", "604800 s", kNoPrefix},
    UnitRow{"Hz hertz", "s^-1"},
    UnitRow{"rpm", "0.104719755119659774615 rad/s", kNoPrefix},
    UnitRow{"cps", "counts/s"},
    UnitRow{"Bq becquerel", "s^-1"},
    UnitRow{"Bd baud", "s^-1"},
    UnitRow{"rtmHz", "0.0316227766016837933200 rtHz", kNoPrefix},
    UnitRow{"rtkHz", "31.6227766016837933200 rtHz", kNoPrefix},
    UnitRow{"rtMHz", "1000 rtHz", kNoPrefix},
    UnitRow{"rtGHz", "31622.7766016837933200 rtHz", kNoPrefix},
    // Length, area, volume
    UnitRow{"Angstrom angstrom angstroms", "1e-10 m"},
    UnitRow{"micron microns", "1e-6 m"},
    UnitRow{"in inch inches", "0.0254 m", kNoPrefix},
    UnitRow{"mil mils thou", "0.0000254 m", kNoPrefix},
    UnitRow{"ft foot feet", "0.3048 m", kNoPrefix},
    UnitRow{"L l litre litres liter liters", "0.001 m^3"},
    UnitRow{"cc ccm", "1e-6 m^3", kNoPrefix},
    UnitRow{"barn", "1e-28 m^2"},
    // Mass, amount
    UnitRow{"g gram grams", "0.001 kg"},
    UnitRow{"t tonne tonnes", "1000 kg", kNoPrefix},
    UnitRow{"Da u amu dalton", "1.66053906660e-27 kg"},
    UnitRow{"lb pound pounds", "0.45359237 kg", kNoPrefix},
    UnitRow{"oz ounce ounces", "0.028349523125 kg", kNoPrefix},
    // Mechanics
    UnitRow{"N newton newtons", "kg m s^-2"},
    UnitRow{"Nm", "N m"},
    UnitRow{"dyn dyne", "1e-5 N"},
    UnitRow{"kgf", "9.80665 N", kNoPrefix},
    UnitRow{"gf", "0.00980665 N", kNoPrefix},
    UnitRow{"lbf", "4.4482216152605 N", kNoPrefix},
    UnitRow{"J joule joules", "N m"},
    UnitRow{"W watt watts", "J/s"},
    UnitRow{"Wh", "3600 J"},
    UnitRow{"eV electronvolt electronvolts", "1.602176634e-19 J"},
    UnitRow{"erg ergs", "1e-7 J", kNoPrefix},
    UnitRow{"cal calorie calories", "4.184 J"},
    UnitRow{"hp", "745.69987158227022 W", kNoPrefix},
    // Pressure
    UnitRow{"Pa pascal pascals", "N m^-2"},
    UnitRow{"bar bars", "100000 Pa"},
    UnitRow{"atm atmosphere atmospheres", "101325 Pa", kNoPrefix},
    UnitRow{"Torr torr", "133.322368421052631579 Pa"},
    UnitRow{"mmHg", "133.322387415 Pa", kNoPrefix},
    UnitRow{"inHg", "3386.388640341 Pa", kNoPrefix},
    UnitRow{"psi", "6894.75729316836134 Pa", kNoPrefix},
    // Flow
    UnitRow{"slm slpm SLM SLPM", "1000 sccm", kNoPrefix},
    UnitRow{"SCCM", "sccm", kNoPrefix},
    // Temperature: offsets count for readings, never for differences or inside K/min
    UnitRow{"degC celsius Celsius", "K @ 273.15"},
    UnitRow{"degR rankine", "0.555555555555555555556 K"},
    UnitRow{"degF fahrenheit Fahrenheit", "degR @ 459.67"},
    // Electricity and magnetism
    UnitRow{"C coulomb coulombs", "A s"},
    UnitRow{"Ah", "3600 C"},
    UnitRow{"V volt volts VDC Vdc", "W/A"},
    UnitRow{"Ohm ohm ohms", "V/A"},
    UnitRow{"S siemens mho", "A/V"},
    UnitRow{"F farad farads", "C/V"},
    UnitRow{"Wb weber webers", "V s"},
    UnitRow{"T tesla teslas", "Wb m^-2"},
    UnitRow{"H henry henries", "Wb/A"},
    UnitRow{"VA", "V A"},
    UnitRow{"G gauss Gauss Gs", "1e-4 T"},
    UnitRow{"Oe oersted Oersted", "79.5774715459476678844 A/m"},
    UnitRow{"emu", "0.001 A m^2"},
    UnitRow{"Mx maxwell", "1e-8 Wb"},
    UnitRow{"D debye", "3.33564095198152e-30 C m", kNoPrefix},
    // Light, radiation
    UnitRow{"lm lumen lumens", "cd sr"},
    UnitRow{"lx lux", "lm m^-2"},
    UnitRow{"Gy gray", "J/kg"},
    UnitRow{"Sv sievert", "J/kg"},
    UnitRow{"Ci curie", "3.7e10 Bq"},
    UnitRow{"kayser", "100 m^-1", kNoPrefix},
    // Fluids
    UnitRow{"P poise", "0.1 Pa s"},
    UnitRow{"St stokes", "1e-4 m^2 s^-1"},
};

constexpr std::array kLevels{
    LevelRow{"dBm", "mW", 10},     LevelRow{"dBW", "W", 10},      LevelRow{"dBV", "Vrms", 20},
    LevelRow{"dBmV", "mVrms", 20}, LevelRow{"dBuV", "uVrms", 20}, LevelRow{"dBc", "", 10},
    LevelRow{"dBFS", "", 20},      LevelRow{"dBi", "", 10},       LevelRow{"dBA", "", 20},
};

constexpr std::array kPrefixes{
    PrefixRow{"q", 1e-30}, PrefixRow{"r", 1e-27}, PrefixRow{"y", 1e-24}, PrefixRow{"z", 1e-21},
    PrefixRow{"a", 1e-18}, PrefixRow{"f", 1e-15}, PrefixRow{"p", 1e-12}, PrefixRow{"n", 1e-9},
    PrefixRow{"u", 1e-6},  PrefixRow{"m", 1e-3},  PrefixRow{"c", 1e-2},  PrefixRow{"d", 1e-1},
    PrefixRow{"h", 1e2},   PrefixRow{"k", 1e3},   PrefixRow{"M", 1e6},   PrefixRow{"G", 1e9},
    PrefixRow{"T", 1e12},  PrefixRow{"P", 1e15},  PrefixRow{"E", 1e18},
};

} // namespace

std::span<const UnitRow> unitRows()
{
    return kUnits;
}

std::span<const LevelRow> levelRows()
{
    return kLevels;
}

std::span<const PrefixRow> prefixRows()
{
    return kPrefixes;
}

} // namespace birch
