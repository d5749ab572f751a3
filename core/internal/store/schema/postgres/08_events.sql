-- Notifications and the audit log.

CREATE TABLE notificationkind (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_notificationkind PRIMARY KEY (id)
);
CREATE UNIQUE INDEX notificationkind_name ON notificationkind (name);

-- Notifications shown to an account.
CREATE TABLE notification (
    id            SERIAL NOT NULL,
    uuid          VARCHAR(255) NOT NULL,
    kind_id       INTEGER NOT NULL,
    target_id     INTEGER NOT NULL,
    metadata_json TEXT NOT NULL,
    created       TIMESTAMP NOT NULL,
    dismissed     BOOLEAN NOT NULL,
    lookup_path   VARCHAR(255),
    CONSTRAINT pk_notification PRIMARY KEY (id),
    CONSTRAINT fk_notification_kind_id_notificationkind FOREIGN KEY (kind_id) REFERENCES notificationkind (id),
    CONSTRAINT fk_notification_target_id_user FOREIGN KEY (target_id) REFERENCES "user" (id)
);
CREATE INDEX notification_created ON notification (created);
CREATE INDEX notification_kind_id ON notification (kind_id);
CREATE INDEX notification_lookup_path ON notification (lookup_path);
CREATE INDEX notification_target_id ON notification (target_id);
CREATE INDEX notification_uuid ON notification (uuid);

CREATE TABLE externalnotificationevent (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_externalnotificationevent PRIMARY KEY (id)
);
CREATE UNIQUE INDEX externalnotificationevent_name ON externalnotificationevent (name);

CREATE TABLE externalnotificationmethod (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_externalnotificationmethod PRIMARY KEY (id)
);
CREATE UNIQUE INDEX externalnotificationmethod_name ON externalnotificationmethod (name);

-- Who is told of an event in a repository, and how.
CREATE TABLE repositorynotification (
    id                 SERIAL NOT NULL,
    uuid               VARCHAR(255) NOT NULL,
    repository_id      INTEGER NOT NULL,
    event_id           INTEGER NOT NULL,
    method_id          INTEGER NOT NULL,
    title              VARCHAR(255),
    config_json        TEXT NOT NULL,
    event_config_json  TEXT NOT NULL,
    number_of_failures INTEGER DEFAULT 0 NOT NULL,
    last_ran_ms        BIGINT,
    CONSTRAINT pk_repositorynotification PRIMARY KEY (id),
    CONSTRAINT fk_repositorynotification_event_id_externalnotificationevent FOREIGN KEY (event_id) REFERENCES externalnotificationevent (id),
    CONSTRAINT fk_repositorynotification_method_id_externalnotificationmethod FOREIGN KEY (method_id) REFERENCES externalnotificationmethod (id),
    CONSTRAINT fk_repositorynotification_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX repositorynotification_event_id ON repositorynotification (event_id);
CREATE INDEX repositorynotification_method_id ON repositorynotification (method_id);
CREATE INDEX repositorynotification_repository_id ON repositorynotification (repository_id);
CREATE INDEX repositorynotification_uuid ON repositorynotification (uuid);
CREATE INDEX repositorynotification_last_ran_ms ON repositorynotification (last_ran_ms);

-- The same for a namespace.
CREATE TABLE namespacenotification (
    id                 SERIAL NOT NULL,
    uuid               VARCHAR(255) NOT NULL,
    namespace_id       INTEGER NOT NULL,
    event_id           INTEGER NOT NULL,
    method_id          INTEGER NOT NULL,
    title              VARCHAR(255),
    config_json        TEXT NOT NULL,
    event_config_json  TEXT DEFAULT '{}' NOT NULL,
    number_of_failures INTEGER DEFAULT 0 NOT NULL,
    last_ran_ms        BIGINT,
    CONSTRAINT pk_namespacenotification PRIMARY KEY (id),
    CONSTRAINT fk_namespacenotification_namespace_id FOREIGN KEY (namespace_id) REFERENCES "user" (id),
    CONSTRAINT fk_namespacenotification_event_id FOREIGN KEY (event_id) REFERENCES externalnotificationevent (id),
    CONSTRAINT fk_namespacenotification_method_id FOREIGN KEY (method_id) REFERENCES externalnotificationmethod (id)
);
CREATE INDEX namespacenotification_uuid ON namespacenotification (uuid);
CREATE INDEX namespacenotification_namespace_id ON namespacenotification (namespace_id);

-- Tags whose expiry was announced.
CREATE TABLE tagnotificationsuccess (
    id              SERIAL NOT NULL,
    notification_id INTEGER NOT NULL,
    tag_id          INTEGER NOT NULL,
    method_id       INTEGER NOT NULL,
    CONSTRAINT pk_tag_notification_success PRIMARY KEY (id),
    CONSTRAINT fk_tag_notification_success_notification_id FOREIGN KEY (notification_id) REFERENCES repositorynotification (id),
    CONSTRAINT fk_tag_notification_success_tag_id FOREIGN KEY (tag_id) REFERENCES tag (id),
    CONSTRAINT fk_tag_notification_success_method_id FOREIGN KEY (method_id) REFERENCES externalnotificationmethod (id)
);
CREATE INDEX tagnotificationsuccess_notification_id ON tagnotificationsuccess (notification_id);
CREATE INDEX tagnotificationsuccess_tag_id ON tagnotificationsuccess (tag_id);

-- Messages that everybody sees.
CREATE TABLE messages (
    id            SERIAL NOT NULL,
    content       TEXT NOT NULL,
    uuid          VARCHAR(36) DEFAULT '' NOT NULL,
    media_type_id INTEGER DEFAULT 1 NOT NULL,
    severity      VARCHAR(255) DEFAULT 'info' NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (id),
    CONSTRAINT fk_messages_media_type_id_mediatype FOREIGN KEY (media_type_id) REFERENCES mediatype (id)
);
CREATE INDEX messages_severity ON messages (severity);
CREATE INDEX messages_media_type_id ON messages (media_type_id);
CREATE INDEX messages_uuid ON messages (uuid);

CREATE TABLE logentrykind (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_logentrykind PRIMARY KEY (id)
);
CREATE UNIQUE INDEX logentrykind_name ON logentrykind (name);

-- The first audit log. It gets no new rows any more.
CREATE TABLE logentry (
    id            BIGSERIAL NOT NULL,
    kind_id       INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    performer_id  INTEGER,
    repository_id INTEGER,
    datetime      TIMESTAMP NOT NULL,
    ip            VARCHAR(255),
    metadata_json TEXT NOT NULL,
    CONSTRAINT pk_logentry PRIMARY KEY (id),
    CONSTRAINT fk_logentry_kind_id_logentrykind FOREIGN KEY (kind_id) REFERENCES logentrykind (id)
);
CREATE INDEX logentry_kind_id ON logentry (kind_id);
CREATE INDEX logentry_performer_id ON logentry (performer_id);
CREATE INDEX logentry_repository_id_datetime ON logentry (repository_id, datetime);
CREATE INDEX logentry_repository_id_datetime_kind_id ON logentry (repository_id, datetime, kind_id);
CREATE INDEX logentry_repository_id ON logentry (repository_id);
CREATE INDEX logentry_account_id ON logentry (account_id);
CREATE INDEX logentry_performer_id_datetime ON logentry (performer_id, datetime);
CREATE INDEX logentry_datetime ON logentry (datetime);
CREATE INDEX logentry_account_id_datetime ON logentry (account_id, datetime);

-- The second audit log. It gets no new rows any more.
CREATE TABLE logentry2 (
    id            SERIAL NOT NULL,
    kind_id       INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    performer_id  INTEGER,
    repository_id INTEGER,
    datetime      TIMESTAMP NOT NULL,
    ip            VARCHAR(255),
    metadata_json TEXT NOT NULL,
    CONSTRAINT pk_logentry2 PRIMARY KEY (id),
    CONSTRAINT fk_logentry2_kind_id_logentrykind FOREIGN KEY (kind_id) REFERENCES logentrykind (id)
);
CREATE INDEX logentry2_account_id ON logentry2 (account_id);
CREATE INDEX logentry2_account_id_datetime ON logentry2 (account_id, datetime);
CREATE INDEX logentry2_datetime ON logentry2 (datetime);
CREATE INDEX logentry2_kind_id ON logentry2 (kind_id);
CREATE INDEX logentry2_performer_id ON logentry2 (performer_id);
CREATE INDEX logentry2_performer_id_datetime ON logentry2 (performer_id, datetime);
CREATE INDEX logentry2_repository_id ON logentry2 (repository_id);
CREATE INDEX logentry2_repository_id_datetime ON logentry2 (repository_id, datetime);
CREATE INDEX logentry2_repository_id_datetime_kind_id ON logentry2 (repository_id, datetime, kind_id);

-- The audit log that is written today.
CREATE TABLE logentry3 (
    id            BIGSERIAL NOT NULL,
    kind_id       INTEGER NOT NULL,
    account_id    INTEGER NOT NULL,
    performer_id  INTEGER,
    repository_id INTEGER,
    datetime      TIMESTAMP NOT NULL,
    ip            VARCHAR(255),
    metadata_json TEXT NOT NULL,
    CONSTRAINT pk_logentry3 PRIMARY KEY (id)
);
CREATE INDEX logentry3_account_id_datetime ON logentry3 (account_id, datetime);
CREATE INDEX logentry3_datetime ON logentry3 (datetime);
CREATE INDEX logentry3_performer_id_datetime ON logentry3 (performer_id, datetime);
CREATE INDEX logentry3_repository_id_datetime_kind_id ON logentry3 (repository_id, datetime, kind_id);
