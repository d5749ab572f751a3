-- Repositories and organizations that copy from another registry.

-- Which tags a mirror copies. Rules can form a tree.
CREATE TABLE repomirrorrule (
    id             SERIAL NOT NULL,
    uuid           VARCHAR(36) NOT NULL,
    repository_id  INTEGER NOT NULL,
    creation_date  TIMESTAMP NOT NULL,
    rule_type      INTEGER NOT NULL,
    rule_value     TEXT NOT NULL,
    left_child_id  INTEGER,
    right_child_id INTEGER,
    CONSTRAINT pk_repomirrorrule PRIMARY KEY (id),
    CONSTRAINT fk_repomirrorrule_left_child_id_repomirrorrule FOREIGN KEY (left_child_id) REFERENCES repomirrorrule (id),
    CONSTRAINT fk_repomirrorrule_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_repomirrorrule_right_child_id_repomirrorrule FOREIGN KEY (right_child_id) REFERENCES repomirrorrule (id)
);
CREATE INDEX repomirrorrule_left_child_id ON repomirrorrule (left_child_id);
CREATE INDEX repomirrorrule_repository_id ON repomirrorrule (repository_id);
CREATE INDEX repomirrorrule_right_child_id ON repomirrorrule (right_child_id);
CREATE INDEX repomirrorrule_rule_type ON repomirrorrule (rule_type);
CREATE UNIQUE INDEX repomirrorrule_uuid ON repomirrorrule (uuid);

-- A repository that mirrors another one.
CREATE TABLE repomirrorconfig (
    id                         SERIAL NOT NULL,
    repository_id              INTEGER NOT NULL,
    creation_date              TIMESTAMP NOT NULL,
    is_enabled                 BOOLEAN NOT NULL,
    mirror_type                INTEGER NOT NULL,
    internal_robot_id          INTEGER NOT NULL,
    external_registry_username VARCHAR(4096),
    external_registry_config   TEXT NOT NULL,
    sync_interval              INTEGER DEFAULT 60 NOT NULL,
    sync_start_date            TIMESTAMP,
    sync_expiration_date       TIMESTAMP,
    sync_retries_remaining     INTEGER DEFAULT 3 NOT NULL,
    sync_status                INTEGER NOT NULL,
    sync_transaction_id        VARCHAR(36),
    root_rule_id               INTEGER NOT NULL,
    external_reference         TEXT NOT NULL,
    external_registry_password VARCHAR(9000),
    skopeo_timeout             BIGINT DEFAULT '300' NOT NULL,
    architecture_filter        TEXT,
    CONSTRAINT pk_repomirrorconfig PRIMARY KEY (id),
    CONSTRAINT fk_repomirrorconfig_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_repomirrorconfig_root_rule_id_repomirrorrule FOREIGN KEY (root_rule_id) REFERENCES repomirrorrule (id),
    CONSTRAINT fk_repomirrorconfig_internal_robot_id_user FOREIGN KEY (internal_robot_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX repomirrorconfig_repository_id ON repomirrorconfig (repository_id);
CREATE INDEX repomirrorconfig_internal_robot_id ON repomirrorconfig (internal_robot_id);
CREATE INDEX repomirrorconfig_sync_status ON repomirrorconfig (sync_status);
CREATE INDEX repomirrorconfig_mirror_type ON repomirrorconfig (mirror_type);
CREATE INDEX repomirrorconfig_sync_transaction_id ON repomirrorconfig (sync_transaction_id);
CREATE INDEX repomirrorconfig_root_rule_id ON repomirrorconfig (root_rule_id);

-- An organization that mirrors a namespace of another registry.
CREATE TABLE orgmirrorconfig (
    id                         SERIAL NOT NULL,
    organization_id            INTEGER NOT NULL,
    creation_date              TIMESTAMP NOT NULL,
    is_enabled                 BOOLEAN DEFAULT TRUE NOT NULL,
    mirror_type                INTEGER DEFAULT 1 NOT NULL,
    external_registry_type     INTEGER NOT NULL,
    external_registry_url      VARCHAR(2048) NOT NULL,
    external_namespace         VARCHAR(255) NOT NULL,
    external_registry_username VARCHAR(4096),
    external_registry_password VARCHAR(9000),
    external_registry_config   TEXT NOT NULL,
    internal_robot_id          INTEGER NOT NULL,
    repository_filters         TEXT NOT NULL,
    visibility_id              INTEGER NOT NULL,
    delete_stale_repos         BOOLEAN DEFAULT FALSE NOT NULL,
    sync_interval              INTEGER NOT NULL,
    sync_start_date            TIMESTAMP,
    sync_expiration_date       TIMESTAMP,
    sync_retries_remaining     INTEGER DEFAULT 3 NOT NULL,
    sync_status                INTEGER DEFAULT 0 NOT NULL,
    sync_transaction_id        VARCHAR(36),
    skopeo_timeout             BIGINT DEFAULT '300' NOT NULL,
    architecture_filter        TEXT DEFAULT '[]' NOT NULL,
    CONSTRAINT pk_orgmirrorconfig PRIMARY KEY (id),
    CONSTRAINT fk_orgmirrorconfig_organization_id_user FOREIGN KEY (organization_id) REFERENCES "user" (id),
    CONSTRAINT fk_orgmirrorconfig_internal_robot_id_user FOREIGN KEY (internal_robot_id) REFERENCES "user" (id),
    CONSTRAINT fk_orgmirrorconfig_visibility_id_visibility FOREIGN KEY (visibility_id) REFERENCES visibility (id)
);
CREATE UNIQUE INDEX orgmirrorconfig_organization_id ON orgmirrorconfig (organization_id);
CREATE INDEX orgmirrorconfig_internal_robot_id ON orgmirrorconfig (internal_robot_id);
CREATE INDEX orgmirrorconfig_sync_status ON orgmirrorconfig (sync_status);
CREATE INDEX orgmirrorconfig_sync_start_date ON orgmirrorconfig (sync_start_date);

-- Repositories found in such a namespace.
CREATE TABLE orgmirrorrepository (
    id                     SERIAL NOT NULL,
    org_mirror_config_id   INTEGER NOT NULL,
    repository_name        VARCHAR(255) NOT NULL,
    repository_id          INTEGER,
    discovery_date         TIMESTAMP NOT NULL,
    sync_status            INTEGER DEFAULT 0 NOT NULL,
    sync_start_date        TIMESTAMP,
    sync_expiration_date   TIMESTAMP,
    last_sync_date         TIMESTAMP,
    status_message         TEXT,
    creation_date          TIMESTAMP NOT NULL,
    sync_retries_remaining INTEGER DEFAULT 3 NOT NULL,
    sync_transaction_id    VARCHAR(36),
    CONSTRAINT pk_orgmirrorrepository PRIMARY KEY (id),
    CONSTRAINT fk_orgmirrorrepository_org_mirror_config_id_orgmirrorconfig FOREIGN KEY (org_mirror_config_id) REFERENCES orgmirrorconfig (id),
    CONSTRAINT fk_orgmirrorrepository_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX orgmirrorrepository_org_mirror_config_id ON orgmirrorrepository (org_mirror_config_id);
CREATE INDEX orgmirrorrepository_repository_id ON orgmirrorrepository (repository_id);
CREATE INDEX orgmirrorrepository_sync_status ON orgmirrorrepository (sync_status);
CREATE UNIQUE INDEX orgmirrorrepository_config_repo_name ON orgmirrorrepository (org_mirror_config_id, repository_name);
CREATE INDEX orgmirrorrepository_config_status ON orgmirrorrepository (org_mirror_config_id, sync_status);

-- An organization that is a pull-through cache.
CREATE TABLE proxycacheconfig (
    id                         SERIAL NOT NULL,
    organization_id            INTEGER NOT NULL,
    creation_date              TIMESTAMP NOT NULL,
    upstream_registry          VARCHAR(2048) NOT NULL,
    upstream_registry_username VARCHAR(4096),
    upstream_registry_password VARCHAR(4096),
    expiration_s               INTEGER DEFAULT 86400,
    insecure                   BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT pk_proxy_cache_config PRIMARY KEY (id),
    CONSTRAINT fk_proxy_cache_config_organization_id FOREIGN KEY (organization_id) REFERENCES "user" (id)
);
