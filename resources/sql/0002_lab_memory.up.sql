-- The memory of a lab. One row of `objects` for each row of an entity (and of scans and queues), kept
-- by triggers: what can hang on anything (tags, files, places, guests, …) refers to it by a real
-- foreign key, and one search looks through all of it.
CREATE TABLE objects (
    id {id},
    kind {text} NOT NULL,
    row_id {int} NOT NULL,
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} REFERENCES labs (id) ON DELETE CASCADE,
    title {text} NOT NULL DEFAULT '',
    search_text {text} NOT NULL DEFAULT '',
    trashed_at {int},
    UNIQUE (kind, row_id)
){strict};
CREATE INDEX objects_lab ON objects (lab_id);

ALTER TABLE labs ADD COLUMN location_types {json};
ALTER TABLE labs ADD COLUMN equipment_types {json};
ALTER TABLE users ADD COLUMN phone {text};
ALTER TABLE users ADD COLUMN orcid {text};
ALTER TABLE users ADD COLUMN office {text};
CREATE INDEX users_lab ON users (lab_id);
ALTER TABLE stations ADD COLUMN machine {text};

CREATE TABLE lab_members (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    email {text},
    user_id {int} REFERENCES users (id) ON DELETE SET NULL,
    role {text} NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'principal_investigator', 'administrator', 'student', 'visiting')),
    access_role {text} NOT NULL DEFAULT 'viewer' CHECK (access_role IN ('viewer', 'operator', 'admin')),
    title {text},
    orcid {text},
    phone {text},
    office_location {text},
    is_active {bool} NOT NULL DEFAULT {true},
    joined_on {text},
    left_on {text},
    access_expires_at {int},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, email)
){strict};
CREATE INDEX lab_members_user ON lab_members (user_id);

CREATE TABLE project_members (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    member_id {int} REFERENCES lab_members (id) ON DELETE CASCADE,
    external_name {text},
    external_email {text},
    external_affiliation {text},
    role {text} NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'lead', 'collaborator', 'advisor', 'contributor')),
    permissions {json},
    is_active {bool} NOT NULL DEFAULT {true},
    joined_on {text},
    left_on {text},
    access_expires_at {int},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (project_id, member_id)
){strict};
CREATE INDEX project_members_lab ON project_members (lab_id);
CREATE INDEX project_members_member ON project_members (member_id);

CREATE TABLE teams (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    code {text},
    description {text},
    color {text},
    is_active {bool} NOT NULL DEFAULT {true},
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

CREATE TABLE team_members (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    team_id {int} NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    member_id {int} NOT NULL REFERENCES lab_members (id) ON DELETE CASCADE,
    role {text} NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'lead')),
    is_active {bool} NOT NULL DEFAULT {true},
    joined_on {text},
    left_on {text},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (team_id, member_id)
){strict};
CREATE INDEX team_members_lab ON team_members (lab_id);
CREATE INDEX team_members_member ON team_members (member_id);

CREATE TABLE team_access (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    team_id {int} NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    access_level {text} NOT NULL DEFAULT 'view' CHECK (access_level IN ('view', 'edit', 'full')),
    expires_at {int},
    is_active {bool} NOT NULL DEFAULT {true},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (team_id, object_id)
){strict};
CREATE INDEX team_access_lab ON team_access (lab_id);
CREATE INDEX team_access_object ON team_access (object_id);

CREATE TABLE item_guests (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    guest_name {text} NOT NULL,
    guest_email {text} NOT NULL,
    user_id {int} REFERENCES users (id) ON DELETE CASCADE,
    affiliation {text},
    access_level {text} NOT NULL DEFAULT 'view' CHECK (access_level IN ('view', 'edit', 'full')),
    expires_at {int},
    last_accessed_at {int},
    is_active {bool} NOT NULL DEFAULT {true},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (object_id, guest_email)
){strict};
CREATE INDEX item_guests_lab ON item_guests (lab_id);
CREATE INDEX item_guests_user ON item_guests (user_id);

CREATE TABLE equipment (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    equipment_type {text},
    description {text},
    manufacturer {text},
    model {text},
    serial_number {text},
    status {text} NOT NULL DEFAULT 'operational' CHECK (status IN ('operational', 'maintenance', 'offline', 'retired')),
    owner_id {int} REFERENCES users (id) ON DELETE SET NULL,
    purchase_date {text},
    warranty_expiration {text},
    last_maintenance_date {text},
    next_maintenance_date {text},
    maintenance_interval_days {int} CHECK (maintenance_interval_days >= 1),
    specifications {json},
    documentation_url {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX equipment_lab ON equipment (lab_id);
CREATE INDEX equipment_equipment_type ON equipment (equipment_type);
CREATE INDEX equipment_status ON equipment (status);
CREATE INDEX equipment_owner ON equipment (owner_id);
CREATE INDEX equipment_next_maintenance_date ON equipment (next_maintenance_date);

CREATE TABLE drivers (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} REFERENCES labs (id) ON DELETE SET NULL,
    name {text} NOT NULL UNIQUE,
    display_name {text} NOT NULL,
    description {text},
    instrument_type {text} NOT NULL DEFAULT 'measurement' CHECK (instrument_type IN ('measurement', 'movement', 'both')),
    category {text},
    manufacturer {text},
    status {text} NOT NULL DEFAULT 'operational' CHECK (status IN ('operational', 'development', 'testing', 'experimental', 'deprecated')),
    version {int} NOT NULL DEFAULT 1 CHECK (version >= 1),
    definition {text} NOT NULL,
    is_public {bool} NOT NULL DEFAULT {false},
    is_builtin {bool} NOT NULL DEFAULT {false},
    is_approved {bool} NOT NULL DEFAULT {true},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX drivers_lab ON drivers (lab_id);

CREATE TABLE driver_versions (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    driver_id {int} NOT NULL REFERENCES drivers (id) ON DELETE CASCADE,
    version {int} NOT NULL CHECK (version >= 1),
    definition {text} NOT NULL,
    change_summary {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (driver_id, version)
){strict};
CREATE INDEX driver_versions_lab ON driver_versions (lab_id);

CREATE TABLE instruments (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    instrument_type {text},
    manufacturer {text},
    model {text},
    serial_number {text},
    status {text} NOT NULL DEFAULT 'available' CHECK (status IN ('available', 'in_use', 'maintenance', 'retired')),
    specifications {json},
    equipment_id {int} REFERENCES equipment (id) ON DELETE SET NULL,
    driver_id {int} REFERENCES drivers (id) ON DELETE SET NULL,
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX instruments_lab ON instruments (lab_id);
CREATE INDEX instruments_status ON instruments (status);
CREATE INDEX instruments_equipment ON instruments (equipment_id);
CREATE INDEX instruments_driver ON instruments (driver_id);

CREATE TABLE instrument_status (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    instrument_id {int} NOT NULL REFERENCES instruments (id) ON DELETE CASCADE,
    status {text} NOT NULL DEFAULT 'disconnected' CHECK (status IN ('disconnected', 'connected', 'error', 'busy')),
    at {int} NOT NULL,
    current_settings {json},
    error_message {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX instrument_status_lab ON instrument_status (lab_id);
CREATE INDEX instrument_status_instrument ON instrument_status (instrument_id);
CREATE INDEX instrument_status_by_instrument_at ON instrument_status (instrument_id, at);

CREATE TABLE instrument_bindings (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    instrument_id {int} NOT NULL REFERENCES instruments (id) ON DELETE CASCADE,
    station_id {int} NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    nickname {text},
    address {text},
    adapter_type {text} NOT NULL DEFAULT 'serial' CHECK (adapter_type IN ('serial', 'tcp', 'usb', 'gpib', 'other')),
    username {text},
    is_primary {bool} NOT NULL DEFAULT {true},
    last_connected_at {int},
    last_settings {json},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (instrument_id, station_id)
){strict};
CREATE INDEX instrument_bindings_lab ON instrument_bindings (lab_id);
CREATE INDEX instrument_bindings_station ON instrument_bindings (station_id);

CREATE TABLE calibrations (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    quantity {text},
    calibrated_on {text} NOT NULL,
    due_on {text},
    factor {real},
    unit {text},
    uncertainty {real} CHECK (uncertainty >= 0),
    certificate {text},
    performed_by {text},
    status {text} NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'failed', 'withdrawn')),
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
CREATE INDEX calibrations_lab ON calibrations (lab_id);
CREATE INDEX calibrations_object ON calibrations (object_id);
CREATE INDEX calibrations_due_on ON calibrations (due_on);
CREATE INDEX calibrations_by_object_calibrated_on ON calibrations (object_id, calibrated_on);

CREATE TABLE booking_rules (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    equipment_id {int} NOT NULL UNIQUE REFERENCES equipment (id) ON DELETE CASCADE,
    is_enabled {bool} NOT NULL DEFAULT {true},
    min_minutes {int} NOT NULL DEFAULT 30 CHECK (min_minutes >= 1),
    max_minutes {int} NOT NULL DEFAULT 480 CHECK (max_minutes >= 1),
    usual_minutes {int} NOT NULL DEFAULT 60 CHECK (usual_minutes >= 1),
    min_advance_days {int} NOT NULL DEFAULT 0 CHECK (min_advance_days >= 0),
    max_advance_days {int} NOT NULL DEFAULT 30 CHECK (max_advance_days >= 0),
    buffer_minutes {int} NOT NULL DEFAULT 0 CHECK (buffer_minutes >= 0),
    requires_approval {bool} NOT NULL DEFAULT {false},
    approves_members {bool} NOT NULL DEFAULT {true},
    approver_id {int} REFERENCES users (id) ON DELETE SET NULL,
    availability {json},
    blocked_dates {json},
    allows_recurring {bool} NOT NULL DEFAULT {true},
    max_recurring_weeks {int} NOT NULL DEFAULT 12 CHECK (max_recurring_weeks >= 1),
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX booking_rules_lab ON booking_rules (lab_id);
CREATE INDEX booking_rules_approver ON booking_rules (approver_id);

CREATE TABLE bookings (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    equipment_id {int} NOT NULL REFERENCES equipment (id) ON DELETE CASCADE,
    user_id {int} REFERENCES users (id) ON DELETE SET NULL,
    title {text} NOT NULL,
    description {text},
    start_at {int} NOT NULL,
    end_at {int} NOT NULL,
    status {text} NOT NULL DEFAULT 'confirmed' CHECK (status IN ('confirmed', 'pending', 'in_progress', 'completed', 'cancelled', 'no_show')),
    recurrence_rule {text},
    parent_id {int} REFERENCES bookings (id) ON DELETE CASCADE,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    samples {json},
    approved_by_id {int} REFERENCES users (id) ON DELETE SET NULL,
    approved_at {int},
    rejection_reason {text},
    actual_start_at {int},
    actual_end_at {int},
    cancellation_reason {text},
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
CREATE INDEX bookings_lab ON bookings (lab_id);
CREATE INDEX bookings_equipment ON bookings (equipment_id);
CREATE INDEX bookings_user ON bookings (user_id);
CREATE INDEX bookings_status ON bookings (status);
CREATE INDEX bookings_parent ON bookings (parent_id);
CREATE INDEX bookings_project ON bookings (project_id);
CREATE INDEX bookings_approved_by ON bookings (approved_by_id);
CREATE INDEX bookings_by_equipment_start_at_end_at ON bookings (equipment_id, start_at, end_at);

CREATE TABLE calendar_events (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    title {text} NOT NULL,
    description {text},
    start_at {int} NOT NULL,
    end_at {int} NOT NULL,
    is_all_day {bool} NOT NULL DEFAULT {false},
    location {text},
    object_id {int} REFERENCES objects (id) ON DELETE SET NULL,
    recurrence_rule {text},
    category {text} NOT NULL DEFAULT 'other' CHECK (category IN ('other', 'meeting', 'maintenance', 'delivery', 'holiday', 'deadline')),
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX calendar_events_lab ON calendar_events (lab_id);
CREATE INDEX calendar_events_start_at ON calendar_events (start_at);
CREATE INDEX calendar_events_object ON calendar_events (object_id);

CREATE TABLE issues (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    about_object_id {int} REFERENCES objects (id) ON DELETE SET NULL,
    title {text} NOT NULL,
    description {text},
    category {text} NOT NULL DEFAULT 'bug' CHECK (category IN ('bug', 'feature', 'question', 'enhancement', 'malfunction', 'maintenance', 'safety', 'consumables', 'compatibility', 'performance', 'documentation', 'other')),
    priority {text} NOT NULL DEFAULT 'medium' CHECK (priority IN ('medium', 'low', 'high', 'critical')),
    status {text} NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'in_progress', 'resolved', 'closed', 'wont_fix')),
    reporter_id {int} REFERENCES users (id) ON DELETE SET NULL,
    assignee_id {int} REFERENCES users (id) ON DELETE SET NULL,
    error_message {text},
    steps_to_reproduce {text},
    affected_version {text},
    fixed_in_version {text},
    related_url {text},
    environment {text},
    resolution {text},
    resolved_at {int},
    cost {real} CHECK (cost >= 0),
    downtime_hours {real} CHECK (downtime_hours >= 0),
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX issues_lab ON issues (lab_id);
CREATE INDEX issues_about ON issues (about_object_id);
CREATE INDEX issues_category ON issues (category);
CREATE INDEX issues_status ON issues (status);
CREATE INDEX issues_reporter ON issues (reporter_id);
CREATE INDEX issues_assignee ON issues (assignee_id);

CREATE TABLE issue_updates (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    issue_id {int} NOT NULL REFERENCES issues (id) ON DELETE CASCADE,
    update_type {text} NOT NULL DEFAULT 'comment' CHECK (update_type IN ('comment', 'status_change', 'resolution', 'workaround')),
    content {text},
    old_status {text},
    new_status {text},
    author_name {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX issue_updates_lab ON issue_updates (lab_id);
CREATE INDEX issue_updates_issue ON issue_updates (issue_id);

CREATE TABLE maintenance_tasks (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    equipment_id {int} NOT NULL REFERENCES equipment (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    description {text},
    interval_days {int} NOT NULL CHECK (interval_days >= 1),
    issue_title {text} NOT NULL,
    issue_description {text},
    issue_category {text} NOT NULL DEFAULT 'maintenance' CHECK (issue_category IN ('maintenance', 'safety', 'consumables', 'other')),
    issue_priority {text} NOT NULL DEFAULT 'medium' CHECK (issue_priority IN ('medium', 'low', 'high', 'critical')),
    default_assignee_id {int} REFERENCES users (id) ON DELETE SET NULL,
    is_active {bool} NOT NULL DEFAULT {true},
    last_triggered_at {int},
    next_due_on {text},
    current_issue_id {int} REFERENCES issues (id) ON DELETE SET NULL,
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX maintenance_tasks_lab ON maintenance_tasks (lab_id);
CREATE INDEX maintenance_tasks_equipment ON maintenance_tasks (equipment_id);
CREATE INDEX maintenance_tasks_default_assignee ON maintenance_tasks (default_assignee_id);
CREATE INDEX maintenance_tasks_next_due_on ON maintenance_tasks (next_due_on);
CREATE INDEX maintenance_tasks_current_issue ON maintenance_tasks (current_issue_id);

CREATE TABLE precursors (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    name {text} NOT NULL,
    chemical_formula {text},
    cas_number {text},
    supplier {text},
    lot_number {text},
    purity {real} CHECK (purity >= 0 AND purity <= 100),
    state {text} NOT NULL DEFAULT 'solid' CHECK (state IN ('solid', 'liquid', 'gas', 'solution', 'unknown')),
    status {text} NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'in_use', 'low', 'empty', 'expired')),
    concentration {real} CHECK (concentration >= 0),
    concentration_unit {text},
    storage_conditions {text},
    expiration_date {text},
    safety_info {text},
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
CREATE INDEX precursors_lab ON precursors (lab_id);
CREATE INDEX precursors_project ON precursors (project_id);
CREATE INDEX precursors_status ON precursors (status);
CREATE INDEX precursors_expiration_date ON precursors (expiration_date);

CREATE TABLE precursor_inventory (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    precursor_id {int} NOT NULL REFERENCES precursors (id) ON DELETE CASCADE,
    quantity {real} NOT NULL CHECK (quantity >= 0),
    unit {text} NOT NULL,
    location {text},
    received_on {text},
    opened_on {text},
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
CREATE INDEX precursor_inventory_lab ON precursor_inventory (lab_id);
CREATE INDEX precursor_inventory_precursor ON precursor_inventory (precursor_id);

CREATE TABLE wastes (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    name {text} NOT NULL,
    waste_type {text} NOT NULL DEFAULT 'chemical' CHECK (waste_type IN ('chemical', 'biological', 'sharps', 'general', 'radioactive', 'electronic')),
    container_type {text},
    container_size {text},
    fill_percent {real} NOT NULL DEFAULT 0 CHECK (fill_percent >= 0),
    fill_status {text} NOT NULL DEFAULT 'empty' CHECK (fill_status IN ('empty', 'partial', 'nearly_full', 'full', 'overfull')),
    status {text} NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'awaiting_collection', 'collected', 'disposed', 'closed')),
    contents {text},
    ph_range {text},
    epa_waste_code {text},
    un_number {text},
    sds_reference {text},
    special_handling {text},
    opened_on {text},
    full_on {text},
    requested_on {text},
    collected_on {text},
    disposed_on {text},
    owner_id {int} REFERENCES users (id) ON DELETE SET NULL,
    replaces_id {int} REFERENCES wastes (id) ON DELETE SET NULL,
    disposal_vendor {text},
    manifest_number {text},
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
CREATE INDEX wastes_lab ON wastes (lab_id);
CREATE INDEX wastes_project ON wastes (project_id);
CREATE INDEX wastes_status ON wastes (status);
CREATE INDEX wastes_owner ON wastes (owner_id);
CREATE INDEX wastes_replaces ON wastes (replaces_id);

CREATE TABLE waste_hazard_classes (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    waste_id {int} NOT NULL REFERENCES wastes (id) ON DELETE CASCADE,
    hazard_class {text} NOT NULL,
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (waste_id, hazard_class)
){strict};
CREATE INDEX waste_hazard_classes_lab ON waste_hazard_classes (lab_id);

CREATE TABLE waste_precursors (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    waste_id {int} NOT NULL REFERENCES wastes (id) ON DELETE CASCADE,
    precursor_id {int} NOT NULL REFERENCES precursors (id) ON DELETE RESTRICT,
    quantity {real} CHECK (quantity >= 0),
    unit {text},
    added_on {text},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (waste_id, precursor_id)
){strict};
CREATE INDEX waste_precursors_lab ON waste_precursors (lab_id);
CREATE INDEX waste_precursors_precursor ON waste_precursors (precursor_id);

CREATE TABLE sample_precursors (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    sample_id {int} NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
    precursor_id {int} NOT NULL REFERENCES precursors (id) ON DELETE RESTRICT,
    quantity {real} CHECK (quantity >= 0),
    unit {text},
    role {text} NOT NULL DEFAULT '',
    composition_percent {real} CHECK (composition_percent >= 0 AND composition_percent <= 100),
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (sample_id, precursor_id, role)
){strict};
CREATE INDEX sample_precursors_lab ON sample_precursors (lab_id);
CREATE INDEX sample_precursors_precursor ON sample_precursors (precursor_id);

CREATE TABLE sample_parents (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    sample_id {int} NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
    parent_id {int} NOT NULL REFERENCES samples (id) ON DELETE RESTRICT,
    relation {text} NOT NULL DEFAULT 'derived' CHECK (relation IN ('derived', 'piece', 'combined', 'copy')),
    amount {real} CHECK (amount >= 0),
    unit {text},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (sample_id, parent_id)
){strict};
CREATE INDEX sample_parents_lab ON sample_parents (lab_id);
CREATE INDEX sample_parents_parent ON sample_parents (parent_id);

CREATE TABLE procedures (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    name {text} NOT NULL,
    procedure_type {text},
    version {text},
    description {text},
    steps {json},
    parameters {json},
    failure_modes {json},
    estimated_minutes {real} CHECK (estimated_minutes >= 0),
    safety_requirements {text},
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
CREATE INDEX procedures_lab ON procedures (lab_id);
CREATE INDEX procedures_project ON procedures (project_id);
CREATE INDEX procedures_procedure_type ON procedures (procedure_type);

CREATE TABLE procedure_equipment (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    procedure_id {int} NOT NULL REFERENCES procedures (id) ON DELETE CASCADE,
    equipment_id {int} NOT NULL REFERENCES equipment (id) ON DELETE RESTRICT,
    role {text},
    is_required {bool} NOT NULL DEFAULT {true},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (procedure_id, equipment_id)
){strict};
CREATE INDEX procedure_equipment_lab ON procedure_equipment (lab_id);
CREATE INDEX procedure_equipment_equipment ON procedure_equipment (equipment_id);

CREATE TABLE procedure_precursors (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    procedure_id {int} NOT NULL REFERENCES procedures (id) ON DELETE CASCADE,
    precursor_id {int} NOT NULL REFERENCES precursors (id) ON DELETE RESTRICT,
    quantity {real} CHECK (quantity >= 0),
    unit {text},
    purpose {text},
    is_required {bool} NOT NULL DEFAULT {true},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (procedure_id, precursor_id)
){strict};
CREATE INDEX procedure_precursors_lab ON procedure_precursors (lab_id);
CREATE INDEX procedure_precursors_precursor ON procedure_precursors (precursor_id);

CREATE TABLE fabrication_runs (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    sample_id {int} NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
    procedure_id {int} NOT NULL REFERENCES procedures (id) ON DELETE RESTRICT,
    run_id {text} NOT NULL UNIQUE,
    run_number {int} CHECK (run_number >= 1),
    started_at {int},
    completed_at {int},
    status {text} NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'in_progress', 'completed', 'failed')),
    failure_mode {text},
    operator {text},
    actual_parameters {json},
    results {text},
    notes {text},
    conditions {json},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX fabrication_runs_lab ON fabrication_runs (lab_id);
CREATE INDEX fabrication_runs_sample ON fabrication_runs (sample_id);
CREATE INDEX fabrication_runs_procedure ON fabrication_runs (procedure_id);
CREATE INDEX fabrication_runs_status ON fabrication_runs (status);
CREATE INDEX fabrication_runs_by_sample_started_at ON fabrication_runs (sample_id, started_at);

CREATE TABLE fabrication_run_equipment (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    run_id {int} NOT NULL REFERENCES fabrication_runs (id) ON DELETE CASCADE,
    equipment_id {int} NOT NULL REFERENCES equipment (id) ON DELETE RESTRICT,
    settings {json},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (run_id, equipment_id)
){strict};
CREATE INDEX fabrication_run_equipment_lab ON fabrication_run_equipment (lab_id);
CREATE INDEX fabrication_run_equipment_equipment ON fabrication_run_equipment (equipment_id);

CREATE TABLE fabrication_run_precursors (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    run_id {int} NOT NULL REFERENCES fabrication_runs (id) ON DELETE CASCADE,
    precursor_id {int} NOT NULL REFERENCES precursors (id) ON DELETE RESTRICT,
    quantity {real} CHECK (quantity >= 0),
    unit {text},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (run_id, precursor_id)
){strict};
CREATE INDEX fabrication_run_precursors_lab ON fabrication_run_precursors (lab_id);
CREATE INDEX fabrication_run_precursors_precursor ON fabrication_run_precursors (precursor_id);

CREATE TABLE scan_templates (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    scan_type {text},
    version {int} NOT NULL DEFAULT 1 CHECK (version >= 1),
    description {text},
    tree {json} NOT NULL,
    instrument_settings {json},
    parameters {json},
    estimated_seconds {real} CHECK (estimated_seconds >= 0),
    is_active {bool} NOT NULL DEFAULT {true},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, name)
){strict};

CREATE TABLE queue_templates (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    description {text},
    default_settings {json},
    mode {text} NOT NULL DEFAULT 'serial' CHECK (mode IN ('serial', 'parallel')),
    is_active {bool} NOT NULL DEFAULT {true},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, name)
){strict};

CREATE TABLE queue_template_items (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    template_id {int} NOT NULL REFERENCES queue_templates (id) ON DELETE CASCADE,
    scan_template_id {int} NOT NULL REFERENCES scan_templates (id) ON DELETE RESTRICT,
    position {int} NOT NULL CHECK (position >= 0),
    repeat_count {int} NOT NULL DEFAULT 1 CHECK (repeat_count >= 1),
    delay_before_s {real} NOT NULL DEFAULT 0 CHECK (delay_before_s >= 0),
    condition {text},
    overrides {json},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (template_id, position)
){strict};
CREATE INDEX queue_template_items_lab ON queue_template_items (lab_id);
CREATE INDEX queue_template_items_scan_template ON queue_template_items (scan_template_id);

CREATE TABLE analysis_methods (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    method_type {text},
    algorithm {text},
    description {text},
    version {text},
    parameter_schema {json},
    output_schema {json},
    is_active {bool} NOT NULL DEFAULT {true},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, name)
){strict};

CREATE TABLE analyses (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    sample_id {int} REFERENCES samples (id) ON DELETE SET NULL,
    analysis_id {text} NOT NULL UNIQUE,
    method_id {int} NOT NULL REFERENCES analysis_methods (id) ON DELETE RESTRICT,
    status {text} NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    name {text},
    started_at {int},
    completed_at {int},
    parameters {json},
    software_version {text},
    error_message {text},
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
CREATE INDEX analyses_lab ON analyses (lab_id);
CREATE INDEX analyses_project ON analyses (project_id);
CREATE INDEX analyses_sample ON analyses (sample_id);
CREATE INDEX analyses_method ON analyses (method_id);
CREATE INDEX analyses_status ON analyses (status);

CREATE TABLE analysis_inputs (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    analysis_id {int} NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
    scan_id {int} NOT NULL REFERENCES scans (id) ON DELETE RESTRICT,
    measurement_id {int} REFERENCES measurement_objects (id) ON DELETE SET NULL,
    role {text} NOT NULL DEFAULT '',
    first_row {int} CHECK (first_row >= 0),
    row_count {int} CHECK (row_count >= 0),
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (analysis_id, scan_id, measurement_id, role)
){strict};
CREATE INDEX analysis_inputs_lab ON analysis_inputs (lab_id);
CREATE INDEX analysis_inputs_scan ON analysis_inputs (scan_id);
CREATE INDEX analysis_inputs_measurement ON analysis_inputs (measurement_id);

CREATE TABLE analysis_results (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    analysis_id {int} NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    value {real},
    unit {text},
    uncertainty {real} CHECK (uncertainty >= 0),
    text_value {text},
    array_shape {json},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (analysis_id, name)
){strict};
CREATE INDEX analysis_results_lab ON analysis_results (lab_id);
CREATE INDEX analysis_results_by_name_value ON analysis_results (name, value);

CREATE TABLE analysis_batches (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    description {text},
    method_id {int} NOT NULL REFERENCES analysis_methods (id) ON DELETE RESTRICT,
    status {text} NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    parameters {json},
    started_at {int},
    completed_at {int},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX analysis_batches_lab ON analysis_batches (lab_id);
CREATE INDEX analysis_batches_method ON analysis_batches (method_id);
CREATE INDEX analysis_batches_status ON analysis_batches (status);

CREATE TABLE analysis_batch_items (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    batch_id {int} NOT NULL REFERENCES analysis_batches (id) ON DELETE CASCADE,
    position {int} NOT NULL CHECK (position >= 0),
    scan_id {int} NOT NULL REFERENCES scans (id) ON DELETE RESTRICT,
    analysis_id {int} REFERENCES analyses (id) ON DELETE SET NULL,
    status {text} NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    error_message {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (batch_id, position)
){strict};
CREATE INDEX analysis_batch_items_lab ON analysis_batch_items (lab_id);
CREATE INDEX analysis_batch_items_scan ON analysis_batch_items (scan_id);
CREATE INDEX analysis_batch_items_analysis ON analysis_batch_items (analysis_id);
CREATE INDEX analysis_batch_items_status ON analysis_batch_items (status);

CREATE TABLE tags (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    category {text},
    color {text},
    description {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, name)
){strict};

CREATE TABLE object_tags (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    tag_id {int} NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (tag_id, object_id)
){strict};
CREATE INDEX object_tags_lab ON object_tags (lab_id);
CREATE INDEX object_tags_object ON object_tags (object_id);

CREATE TABLE attachments (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    filename {text},
    description {text},
    tier {text} NOT NULL DEFAULT 'raw' CHECK (tier IN ('raw', 'processed', 'published')),
    version {int} NOT NULL DEFAULT 1 CHECK (version >= 1),
    previous_id {int} REFERENCES attachments (id) ON DELETE SET NULL,
    is_current {bool} NOT NULL DEFAULT {true},
    is_image {bool} NOT NULL DEFAULT {false},
    is_primary {bool} NOT NULL DEFAULT {false},
    media_type {text},
    size {int} NOT NULL CHECK (size >= 0),
    sha256 {text} NOT NULL,
    path {text},
    width {int},
    height {int},
    thumbnail_sha256 {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX attachments_lab ON attachments (lab_id);
CREATE INDEX attachments_object ON attachments (object_id);
CREATE INDEX attachments_previous ON attachments (previous_id);
CREATE INDEX attachments_sha256 ON attachments (sha256);

CREATE TABLE collections (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    description {text},
    kind {text} NOT NULL DEFAULT 'manual' CHECK (kind IN ('manual', 'search')),
    entity_type {text},
    query {json},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, name)
){strict};

CREATE TABLE collection_items (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    collection_id {int} NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    position {int} CHECK (position >= 0),
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (collection_id, object_id)
){strict};
CREATE INDEX collection_items_lab ON collection_items (lab_id);
CREATE INDEX collection_items_object ON collection_items (object_id);

CREATE TABLE locations (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    parent_id {int} REFERENCES locations (id) ON DELETE SET NULL,
    name {text} NOT NULL,
    location_type {text},
    description {text},
    room {text},
    building {text},
    floor {text},
    capacity {int} CHECK (capacity >= 0),
    conditions {text},
    access_notes {text},
    is_active {bool} NOT NULL DEFAULT {true},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, parent_id, name)
){strict};
CREATE INDEX locations_parent ON locations (parent_id);

CREATE TABLE placements (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    location_id {int} NOT NULL REFERENCES locations (id) ON DELETE RESTRICT,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    placed_at {int} NOT NULL,
    removed_at {int},
    placed_by {text},
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
CREATE INDEX placements_lab ON placements (lab_id);
CREATE INDEX placements_location ON placements (location_id);
CREATE INDEX placements_object ON placements (object_id);
CREATE INDEX placements_by_object_placed_at ON placements (object_id, placed_at);

CREATE TABLE publications (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    title {text} NOT NULL,
    doi {text} UNIQUE,
    authors {text},
    journal {text},
    published_on {text},
    url {text},
    status {text} NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'submitted', 'accepted', 'published')),
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
CREATE INDEX publications_lab ON publications (lab_id);
CREATE INDEX publications_project ON publications (project_id);

CREATE TABLE publication_items (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    publication_id {int} NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    role {text},
    notes {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (publication_id, object_id)
){strict};
CREATE INDEX publication_items_lab ON publication_items (lab_id);
CREATE INDEX publication_items_object ON publication_items (object_id);

CREATE TABLE templates (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    name {text} NOT NULL,
    entity_type {text} NOT NULL,
    description {text},
    prefill {json} NOT NULL,
    status {text} NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'draft', 'archived')),
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (lab_id, name, entity_type)
){strict};
CREATE INDEX templates_project ON templates (project_id);
CREATE INDEX templates_entity_type ON templates (entity_type);

CREATE TABLE user_pins (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    user_id {int} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    object_id {int} NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int},
    UNIQUE (user_id, object_id)
){strict};
CREATE INDEX user_pins_lab ON user_pins (lab_id);
CREATE INDEX user_pins_object ON user_pins (object_id);

CREATE TABLE subscribers (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    name {text} NOT NULL,
    channel_type {text} NOT NULL DEFAULT 'email' CHECK (channel_type IN ('email', 'webhook', 'desktop', 'slack', 'user')),
    address {text} NOT NULL,
    user_id {int} REFERENCES users (id) ON DELETE SET NULL,
    is_active {bool} NOT NULL DEFAULT {true},
    is_verified {bool} NOT NULL DEFAULT {false},
    last_notified_at {int},
    failure_count {int} NOT NULL DEFAULT 0 CHECK (failure_count >= 0),
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX subscribers_lab ON subscribers (lab_id);
CREATE INDEX subscribers_user ON subscribers (user_id);

CREATE TABLE notification_rules (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    subscriber_id {int} NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    project_id {int} REFERENCES projects (id) ON DELETE SET NULL,
    event_type {text} NOT NULL,
    owner_only {bool} NOT NULL DEFAULT {false},
    conditions {json},
    message {text},
    includes_link {bool} NOT NULL DEFAULT {true},
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
CREATE INDEX notification_rules_lab ON notification_rules (lab_id);
CREATE INDEX notification_rules_subscriber ON notification_rules (subscriber_id);
CREATE INDEX notification_rules_project ON notification_rules (project_id);
CREATE INDEX notification_rules_event_type ON notification_rules (event_type);

CREATE TABLE notification_log (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    subscriber_id {int} NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
    rule_id {int} REFERENCES notification_rules (id) ON DELETE SET NULL,
    event_type {text} NOT NULL,
    object_id {int} REFERENCES objects (id) ON DELETE SET NULL,
    subject {text},
    body {text},
    status {text} NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'delivered', 'failed', 'bounced')),
    error_message {text},
    retry_count {int} NOT NULL DEFAULT 0 CHECK (retry_count >= 0),
    sent_at {int},
    delivered_at {int},
    triggered_by {text},
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    archived_at {int},
    trashed_at {int}
){strict};
CREATE INDEX notification_log_lab ON notification_log (lab_id);
CREATE INDEX notification_log_subscriber ON notification_log (subscriber_id);
CREATE INDEX notification_log_rule ON notification_log (rule_id);
CREATE INDEX notification_log_object ON notification_log (object_id);

INSERT INTO objects (kind, row_id, uid, lab_id, title, trashed_at)
    SELECT 'labs', id, uid, id, name, trashed_at FROM labs;
INSERT INTO objects (kind, row_id, uid, lab_id, title, trashed_at)
    SELECT 'projects', id, uid, lab_id, name, trashed_at FROM projects;
INSERT INTO objects (kind, row_id, uid, lab_id, title, trashed_at)
    SELECT 'users', id, uid, lab_id, username, trashed_at FROM users;
INSERT INTO objects (kind, row_id, uid, lab_id, title, trashed_at)
    SELECT 'stations', id, uid, lab_id, name, trashed_at FROM stations;
INSERT INTO objects (kind, row_id, uid, lab_id, title, trashed_at)
    SELECT 'samples', id, uid, lab_id, sample_id, trashed_at FROM samples;
INSERT INTO objects (kind, row_id, uid, lab_id, title, trashed_at)
    SELECT 'queues', id, uid, lab_id, name, trashed_at FROM queues;
INSERT INTO objects (kind, row_id, uid, lab_id, title, trashed_at)
    SELECT 'scans', id, uid, lab_id, scan_id, trashed_at FROM scans;
