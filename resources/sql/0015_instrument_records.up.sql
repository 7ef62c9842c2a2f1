-- Settings of a model that are worth a name. `facts`: labels, units and tolerances of their day.
CREATE TABLE instrument_presets (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    definition {text} NOT NULL,
    settings {json} NOT NULL,
    facts {json},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, definition, name)
){strict};
CREATE INDEX instrument_presets_definition ON instrument_presets (definition);

-- By which definition it was driven there, and when its last settings were read.
ALTER TABLE instrument_bindings ADD COLUMN definition {text};
ALTER TABLE instrument_bindings ADD COLUMN last_settings_at {int};

-- What became of the connection of an instrument, change by change: where it was, under which name,
-- and of which kind a fault was. Rows from elsewhere are "noted".
ALTER TABLE instrument_status ADD COLUMN event {text} NOT NULL DEFAULT 'noted'
    CHECK (event IN ('noted', 'connecting', 'ready', 'fault', 'reconnecting', 'back', 'offline'));
ALTER TABLE instrument_status ADD COLUMN fault {text} NOT NULL DEFAULT 'none'
    CHECK (fault IN ('none', 'timeout', 'protocol', 'closed', 'refused', 'wrong_identity'));
ALTER TABLE instrument_status ADD COLUMN attempt {int} NOT NULL DEFAULT 0 CHECK (attempt >= 0);
ALTER TABLE instrument_status ADD COLUMN station {text};
ALTER TABLE instrument_status ADD COLUMN nickname {text};
CREATE INDEX instrument_status_by_station_nickname_at ON instrument_status (station, nickname, at);
