-- Users of a SQLite file: tokens in place of passwords, and wrong tries, which make the next one
-- wait. (A PostgreSQL server knows its own users.)
CREATE TABLE user_tokens (
    id {id},
    user_id {int} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash {bytes} NOT NULL UNIQUE,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL
){strict};
CREATE INDEX user_tokens_user ON user_tokens (user_id);

CREATE TABLE login_failures (
    username {text} NOT NULL PRIMARY KEY,
    failures {int} NOT NULL,
    failed_at {int} NOT NULL
){strict};
