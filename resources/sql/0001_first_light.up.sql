-- Entities carry: id, uid, their fields, extra_data, revision (optimistic locking), created and
-- updated (microseconds UTC, by whom), archived_at and trashed_at. Their fields are declared in
-- core/store/entity; the store compares both when it opens a database.

CREATE TABLE labs (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    name {text} NOT NULL UNIQUE,
    code {text} UNIQUE,
    university {text},
    department {text},
    description {text},
    address {text},
    website {text},
    email {text},
    phone {text},
    is_active {bool} NOT NULL DEFAULT {true},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};

CREATE TABLE database_info (
    id {int} PRIMARY KEY CHECK (id = 1),
    uid {uid} NOT NULL,
    default_lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    created_at {int} NOT NULL
){strict};

CREATE TABLE users (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    username {text} NOT NULL UNIQUE,
    full_name {text},
    email {text},
    role {text} NOT NULL CHECK (role IN ('admin', 'operator', 'viewer')),
    password_hash {text},
    lab_id {int} REFERENCES labs (id) ON DELETE SET NULL,
    is_active {bool} NOT NULL DEFAULT {true},
    last_login_at {int},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};

CREATE TABLE projects (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    code {text},
    description {text},
    status {text} NOT NULL DEFAULT 'active'
        CHECK (status IN ('planning', 'active', 'paused', 'completed', 'archived')),
    start_date {text},
    end_date {text},
    funding_source {text},
    grant_number {text},
    budget {real},
    goals {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, name),
    UNIQUE (lab_id, code)
){strict};
CREATE INDEX projects_status ON projects (status);

CREATE TABLE samples (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    parent_id {int} REFERENCES samples (id) ON DELETE SET NULL,
    sample_id {text} NOT NULL UNIQUE,
    name {text},
    material {text},
    sample_type {text},
    substrate {text},
    dimensions {json},
    status {text} NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'consumed', 'archived')),
    description {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX samples_lab ON samples (lab_id);
CREATE INDEX samples_project ON samples (project_id);
CREATE INDEX samples_parent ON samples (parent_id);
CREATE INDEX samples_status ON samples (status);

CREATE TABLE stations (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL UNIQUE,
    nickname {text},
    location {text},
    description {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX stations_lab ON stations (lab_id);

-- Numbers of human ids: scope "scan/STATION/yymmdd" (UTC day) or "samples/yyyy". One row per day, so
-- that a clock that steps back over midnight goes on counting where that day had stopped.
CREATE TABLE id_counters (
    scope {text} NOT NULL PRIMARY KEY,
    last_number {int} NOT NULL
){strict};

CREATE TABLE settings (
    scope {text} NOT NULL,
    name {text} NOT NULL,
    value {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    PRIMARY KEY (scope, name)
){strict};

CREATE TABLE queues (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    station_id {int} REFERENCES stations (id) ON DELETE SET NULL,
    name {text} NOT NULL,
    mode {text} NOT NULL CHECK (mode IN ('serial', 'parallel')),
    state {text} NOT NULL CHECK (state IN ('idle', 'running', 'paused', 'stopping')),
    started_at {int},
    ended_at {int},
    settings {text} NOT NULL DEFAULT '{}',
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX queues_lab ON queues (lab_id);

CREATE TABLE queue_logs (
    queue_id {int} NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
    sequence {int} NOT NULL,
    scan_uid {uid},
    logged_at {int} NOT NULL,
    level {text} NOT NULL,
    message {text} NOT NULL,
    PRIMARY KEY (queue_id, sequence)
){strict};

-- A scan's row is rewritten with every commit of data, so what is long and never changes lies in
-- scan_documents.
CREATE TABLE scans (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    scan_id {text} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    station_id {int} NOT NULL REFERENCES stations (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    sample_id {int} REFERENCES samples (id) ON DELETE RESTRICT,
    queue_id {int} REFERENCES queues (id) ON DELETE SET NULL,
    queue_position {int} NOT NULL DEFAULT 0,
    epoch {int} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'completed', 'aborted',
                                           'failed', 'interrupted')),
    reason {text} NOT NULL DEFAULT '',
    name {text} NOT NULL,
    title {text} NOT NULL DEFAULT '',
    scan_type {text} NOT NULL DEFAULT '',
    operator {text} NOT NULL DEFAULT '',
    comment {text} NOT NULL DEFAULT '',
    plan_hash {bytes} NOT NULL,
    position_cursor {text} NOT NULL DEFAULT '{}',
    points {int} NOT NULL DEFAULT 0,
    points_planned {int} NOT NULL,
    started_at {int} NOT NULL,
    ended_at {int},
    software_version {text} NOT NULL,
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
-- History's first page and its total come from the first alone; what is active is a handful.
CREATE INDEX scans_newest ON scans (started_at DESC, id DESC, trashed_at);
CREATE INDEX scans_state ON scans (state, started_at DESC, id DESC, trashed_at);
CREATE INDEX scans_active ON scans (started_at DESC, id DESC)
    WHERE state IN ('queued', 'running', 'paused');
CREATE INDEX scans_sample ON scans (sample_id, started_at DESC);
CREATE INDEX scans_project ON scans (project_id, started_at DESC);
CREATE INDEX scans_queue ON scans (queue_id, queue_position);
CREATE INDEX scans_lab ON scans (lab_id, started_at DESC);
CREATE INDEX scans_station ON scans (station_id);

CREATE TABLE scan_documents (
    scan_id {int} PRIMARY KEY REFERENCES scans (id) ON DELETE CASCADE,
    tree {text} NOT NULL,
    settings {text} NOT NULL,
    instruments {text} NOT NULL
){strict};

CREATE TABLE scan_logs (
    scan_id {int} NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
    epoch {int} NOT NULL,
    sequence {int} NOT NULL,
    logged_at_ns {int} NOT NULL,
    level {text} NOT NULL,
    message {text} NOT NULL,
    PRIMARY KEY (scan_id, epoch, sequence)
){strict};

CREATE TABLE measurement_objects (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    scan_id {int} NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    position {int} NOT NULL,
    node_uid {uid} NOT NULL,
    name {text} NOT NULL,
    columns {text} NOT NULL,
    rows_stored {int} NOT NULL DEFAULT 0,
    UNIQUE (scan_id, position),
    UNIQUE (scan_id, name)
){strict};

-- The overview pyramid of a column, in pieces: see core/data/pyramid.
CREATE TABLE data_overviews (
    measurement_object_id {int} NOT NULL REFERENCES measurement_objects (id) ON DELETE CASCADE,
    column_index {int} NOT NULL,
    level {int} NOT NULL,
    first_block {int} NOT NULL,
    lab_id {int} NOT NULL,
    payload {bytes} NOT NULL,
    PRIMARY KEY (measurement_object_id, column_index, level, first_block)
){strict};
