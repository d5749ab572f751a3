-- Container builds and what starts them.

CREATE TABLE buildtriggerservice (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_buildtriggerservice PRIMARY KEY (id)
);
CREATE UNIQUE INDEX buildtriggerservice_name ON buildtriggerservice (name);

-- Why a trigger is off.
CREATE TABLE disablereason (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_disablereason PRIMARY KEY (id)
);
CREATE UNIQUE INDEX disablereason_name ON disablereason (name);

CREATE TABLE repositorybuildtrigger (
    id                              SERIAL NOT NULL,
    uuid                            VARCHAR(255) NOT NULL,
    service_id                      INTEGER NOT NULL,
    repository_id                   INTEGER NOT NULL,
    connected_user_id               INTEGER NOT NULL,
    config                          TEXT NOT NULL,
    write_token_id                  INTEGER,
    pull_robot_id                   INTEGER,
    disabled_reason_id              INTEGER,
    enabled                         BOOLEAN DEFAULT TRUE NOT NULL,
    successive_failure_count        INTEGER DEFAULT 0 NOT NULL,
    successive_internal_error_count INTEGER DEFAULT 0 NOT NULL,
    disabled_datetime               TIMESTAMP,
    secure_auth_token               VARCHAR(255),
    secure_private_key              TEXT,
    fully_migrated                  BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT pk_repositorybuildtrigger PRIMARY KEY (id),
    CONSTRAINT fk_repositorybuildtrigger_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_repositorybuildtrigger_connected_user_id_user FOREIGN KEY (connected_user_id) REFERENCES "user" (id),
    CONSTRAINT fk_repositorybuildtrigger_pull_robot_id_user FOREIGN KEY (pull_robot_id) REFERENCES "user" (id),
    CONSTRAINT fk_repositorybuildtrigger_disabled_reason_id_disablereason FOREIGN KEY (disabled_reason_id) REFERENCES disablereason (id),
    CONSTRAINT fk_repositorybuildtrigger_service_id_buildtriggerservice FOREIGN KEY (service_id) REFERENCES buildtriggerservice (id),
    CONSTRAINT fk_repositorybuildtrigger_write_token_id_accesstoken FOREIGN KEY (write_token_id) REFERENCES accesstoken (id)
);
CREATE INDEX repositorybuildtrigger_service_id ON repositorybuildtrigger (service_id);
CREATE INDEX repositorybuildtrigger_repository_id ON repositorybuildtrigger (repository_id);
CREATE INDEX repositorybuildtrigger_disabled_datetime ON repositorybuildtrigger (disabled_datetime);
CREATE INDEX repositorybuildtrigger_disabled_reason_id ON repositorybuildtrigger (disabled_reason_id);
CREATE INDEX repositorybuildtrigger_uuid ON repositorybuildtrigger (uuid);
CREATE INDEX repositorybuildtrigger_pull_robot_id ON repositorybuildtrigger (pull_robot_id);
CREATE INDEX repositorybuildtrigger_connected_user_id ON repositorybuildtrigger (connected_user_id);
CREATE INDEX repositorybuildtrigger_write_token_id ON repositorybuildtrigger (write_token_id);

CREATE TABLE repositorybuild (
    id              SERIAL NOT NULL,
    uuid            VARCHAR(255) NOT NULL,
    repository_id   INTEGER NOT NULL,
    access_token_id INTEGER NOT NULL,
    resource_key    VARCHAR(255),
    job_config      TEXT NOT NULL,
    phase           VARCHAR(255) NOT NULL,
    started         TIMESTAMP NOT NULL,
    display_name    VARCHAR(255) NOT NULL,
    trigger_id      INTEGER,
    pull_robot_id   INTEGER,
    logs_archived   BOOLEAN DEFAULT FALSE NOT NULL,
    queue_id        VARCHAR(255),
    CONSTRAINT pk_repositorybuild PRIMARY KEY (id),
    CONSTRAINT fk_repositorybuild_access_token_id_accesstoken FOREIGN KEY (access_token_id) REFERENCES accesstoken (id),
    CONSTRAINT fk_repositorybuild_pull_robot_id_user FOREIGN KEY (pull_robot_id) REFERENCES "user" (id),
    CONSTRAINT fk_repositorybuild_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_repositorybuild_trigger_id_repositorybuildtrigger FOREIGN KEY (trigger_id) REFERENCES repositorybuildtrigger (id)
);
CREATE INDEX repositorybuild_access_token_id ON repositorybuild (access_token_id);
CREATE INDEX repositorybuild_pull_robot_id ON repositorybuild (pull_robot_id);
CREATE INDEX repositorybuild_queue_id ON repositorybuild (queue_id);
CREATE INDEX repositorybuild_repository_id ON repositorybuild (repository_id);
CREATE INDEX repositorybuild_repository_id_started_phase ON repositorybuild (repository_id, started, phase);
CREATE INDEX repositorybuild_resource_key ON repositorybuild (resource_key);
CREATE INDEX repositorybuild_started ON repositorybuild (started);
CREATE INDEX repositorybuild_started_logs_archived_phase ON repositorybuild (started, logs_archived, phase);
CREATE INDEX repositorybuild_trigger_id ON repositorybuild (trigger_id);
CREATE INDEX repositorybuild_uuid ON repositorybuild (uuid);
CREATE INDEX repositorybuild_logs_archived ON repositorybuild (logs_archived);
