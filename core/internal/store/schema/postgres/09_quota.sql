-- Storage quotas and the sizes that count against them.

-- What happens when a limit is reached.
CREATE TABLE quotatype (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_quotatype PRIMARY KEY (id)
);

CREATE TABLE userorganizationquota (
    id           SERIAL NOT NULL,
    namespace_id INTEGER NOT NULL,
    limit_bytes  BIGINT NOT NULL,
    CONSTRAINT pk_userorganizationquota PRIMARY KEY (id),
    CONSTRAINT fk_userorganizationquota_organization FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX userorganizationquota_organization ON userorganizationquota (namespace_id);

CREATE TABLE quotalimits (
    id               SERIAL NOT NULL,
    quota_id         INTEGER NOT NULL,
    quota_type_id    INTEGER NOT NULL,
    percent_of_limit INTEGER NOT NULL,
    CONSTRAINT pk_quotalimits PRIMARY KEY (id),
    CONSTRAINT fk_quotalimit_type FOREIGN KEY (quota_type_id) REFERENCES quotatype (id),
    CONSTRAINT fk_quotalimit_id FOREIGN KEY (quota_id) REFERENCES userorganizationquota (id)
);
CREATE INDEX quotalimits_quota_id ON quotalimits (quota_id);

-- When a namespace was last warned.
CREATE TABLE quotanotificationstate (
    id                SERIAL NOT NULL,
    namespace_id      INTEGER NOT NULL,
    threshold_percent INTEGER NOT NULL,
    last_notified_at  TIMESTAMP,
    cleared           BOOLEAN DEFAULT TRUE NOT NULL,
    CONSTRAINT pk_quotanotificationstate PRIMARY KEY (id),
    CONSTRAINT fk_quotanotificationstate_namespace_id FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE INDEX quotanotificationstate_namespace_id ON quotanotificationstate (namespace_id);
CREATE UNIQUE INDEX quotanotificationstate_namespace_threshold ON quotanotificationstate (namespace_id, threshold_percent);

CREATE TABLE quotaregistrysize (
    id           SERIAL NOT NULL,
    size_bytes   BIGINT DEFAULT '0' NOT NULL,
    running      BOOLEAN DEFAULT FALSE NOT NULL,
    queued       BOOLEAN DEFAULT FALSE NOT NULL,
    completed_ms BIGINT,
    CONSTRAINT pk_quotaregistrysizeid PRIMARY KEY (id)
);

CREATE TABLE quotanamespacesize (
    id                SERIAL NOT NULL,
    namespace_user_id INTEGER NOT NULL,
    size_bytes        BIGINT DEFAULT '0' NOT NULL,
    backfill_start_ms BIGINT,
    backfill_complete BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT pk_quotanamespacesizeid PRIMARY KEY (id),
    CONSTRAINT fk_quotanamespacesize_namespace_user_id_user FOREIGN KEY (namespace_user_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX quotanamespacesize_namespace_user_id ON quotanamespacesize (namespace_user_id);
CREATE INDEX quotanamespacesize_backfill_start_ms ON quotanamespacesize (backfill_start_ms);
CREATE INDEX quotanamespacesize_size_bytes ON quotanamespacesize (size_bytes);

CREATE TABLE quotarepositorysize (
    id                SERIAL NOT NULL,
    repository_id     INTEGER NOT NULL,
    size_bytes        BIGINT DEFAULT '0' NOT NULL,
    backfill_start_ms BIGINT,
    backfill_complete BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT pk_quotarepositorysizeid PRIMARY KEY (id),
    CONSTRAINT fk_quotarepositorysize_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE UNIQUE INDEX quotarepositorysize_repository_id ON quotarepositorysize (repository_id);
CREATE INDEX quotarepositorysize_size_bytes ON quotarepositorysize (size_bytes);
