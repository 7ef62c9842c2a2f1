DELETE FROM objects WHERE kind = 'instrument_presets';
