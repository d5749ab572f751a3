-- Content of the retired application registry (CNR). Nothing writes here any
-- more, but a database that was in use for long has rows.

CREATE TABLE apprtagkind (
    id   INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_apprtagkind PRIMARY KEY (id)
);
CREATE UNIQUE INDEX apprtagkind_name ON apprtagkind (name);

CREATE TABLE apprmanifestlist (
    id                 INTEGER NOT NULL,
    digest             VARCHAR(255) NOT NULL,
    manifest_list_json TEXT NOT NULL,
    schema_version     VARCHAR(255) NOT NULL,
    media_type_id      INTEGER NOT NULL,
    CONSTRAINT pk_apprmanifestlist PRIMARY KEY (id),
    CONSTRAINT fk_apprmanifestlist_media_type_id_mediatype FOREIGN KEY (media_type_id) REFERENCES mediatype (id)
);
CREATE UNIQUE INDEX apprmanifestlist_digest ON apprmanifestlist (digest);
CREATE INDEX apprmanifestlist_media_type_id ON apprmanifestlist (media_type_id);

CREATE TABLE apprtag (
    id               INTEGER NOT NULL,
    name             VARCHAR(255) NOT NULL,
    repository_id    INTEGER NOT NULL,
    manifest_list_id INTEGER,
    lifetime_start   BIGINT NOT NULL,
    lifetime_end     BIGINT,
    hidden           BOOLEAN NOT NULL,
    reverted         BOOLEAN NOT NULL,
    protected        BOOLEAN NOT NULL,
    tag_kind_id      INTEGER NOT NULL,
    linked_tag_id    INTEGER,
    CONSTRAINT pk_apprtag PRIMARY KEY (id),
    CONSTRAINT fk_apprtag_linked_tag_id_apprtag FOREIGN KEY (linked_tag_id) REFERENCES apprtag (id),
    CONSTRAINT fk_apprtag_manifest_list_id_apprmanifestlist FOREIGN KEY (manifest_list_id) REFERENCES apprmanifestlist (id),
    CONSTRAINT fk_apprtag_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_apprtag_tag_kind_id_apprtagkind FOREIGN KEY (tag_kind_id) REFERENCES apprtagkind (id)
);
CREATE INDEX apprtag_lifetime_end ON apprtag (lifetime_end);
CREATE INDEX apprtag_linked_tag_id ON apprtag (linked_tag_id);
CREATE INDEX apprtag_manifest_list_id ON apprtag (manifest_list_id);
CREATE INDEX apprtag_repository_id ON apprtag (repository_id);
CREATE INDEX apprtag_repository_id_name ON apprtag (repository_id, name);
CREATE INDEX apprtag_repository_id_name_hidden ON apprtag (repository_id, name, hidden);
CREATE UNIQUE INDEX apprtag_repository_id_name_lifetime_end ON apprtag (repository_id, name, lifetime_end);
CREATE INDEX apprtag_tag_kind_id ON apprtag (tag_kind_id);

CREATE TABLE apprmanifest (
    id            INTEGER NOT NULL,
    digest        VARCHAR(255) NOT NULL,
    media_type_id INTEGER NOT NULL,
    manifest_json TEXT NOT NULL,
    CONSTRAINT pk_apprmanifest PRIMARY KEY (id),
    CONSTRAINT fk_apprmanifest_media_type_id_mediatype FOREIGN KEY (media_type_id) REFERENCES mediatype (id)
);
CREATE UNIQUE INDEX apprmanifest_digest ON apprmanifest (digest);
CREATE INDEX apprmanifest_media_type_id ON apprmanifest (media_type_id);

CREATE TABLE apprmanifestlistmanifest (
    id               INTEGER NOT NULL,
    manifest_list_id INTEGER NOT NULL,
    manifest_id      INTEGER NOT NULL,
    operating_system VARCHAR(255),
    architecture     VARCHAR(255),
    platform_json    TEXT,
    media_type_id    INTEGER NOT NULL,
    CONSTRAINT pk_apprmanifestlistmanifest PRIMARY KEY (id),
    CONSTRAINT fk_apprmanifestlistmanifest_manifest_id_apprmanifest FOREIGN KEY (manifest_id) REFERENCES apprmanifest (id),
    CONSTRAINT fk_apprmanifestlistmanifest_manifest_list_id_apprmanifestlist FOREIGN KEY (manifest_list_id) REFERENCES apprmanifestlist (id),
    CONSTRAINT fk_apprmanifestlistmanifest_media_type_id_mediatype FOREIGN KEY (media_type_id) REFERENCES mediatype (id)
);
CREATE INDEX apprmanifestlistmanifest_manifest_id ON apprmanifestlistmanifest (manifest_id);
CREATE INDEX apprmanifestlistmanifest_manifest_list_id ON apprmanifestlistmanifest (manifest_list_id);
CREATE INDEX apprmanifestlistmanifest_manifest_list_id_media_type_id ON apprmanifestlistmanifest (manifest_list_id, media_type_id);
CREATE INDEX apprmanifestlistmanifest_manifest_list_id_operating_system_arch ON apprmanifestlistmanifest (manifest_list_id, operating_system, architecture, media_type_id);
CREATE INDEX apprmanifestlistmanifest_media_type_id ON apprmanifestlistmanifest (media_type_id);

CREATE TABLE apprblob (
    id                INTEGER NOT NULL,
    digest            VARCHAR(255) NOT NULL,
    media_type_id     INTEGER NOT NULL,
    size              BIGINT NOT NULL,
    uncompressed_size BIGINT,
    CONSTRAINT pk_apprblob PRIMARY KEY (id),
    CONSTRAINT fk_apprblob_media_type_id_mediatype FOREIGN KEY (media_type_id) REFERENCES mediatype (id)
);
CREATE UNIQUE INDEX apprblob_digest ON apprblob (digest);
CREATE INDEX apprblob_media_type_id ON apprblob (media_type_id);

CREATE TABLE apprmanifestblob (
    id          INTEGER NOT NULL,
    manifest_id INTEGER NOT NULL,
    blob_id     INTEGER NOT NULL,
    CONSTRAINT pk_apprmanifestblob PRIMARY KEY (id),
    CONSTRAINT fk_apprmanifestblob_blob_id_apprblob FOREIGN KEY (blob_id) REFERENCES apprblob (id),
    CONSTRAINT fk_apprmanifestblob_manifest_id_apprmanifest FOREIGN KEY (manifest_id) REFERENCES apprmanifest (id)
);
CREATE INDEX apprmanifestblob_blob_id ON apprmanifestblob (blob_id);
CREATE INDEX apprmanifestblob_manifest_id ON apprmanifestblob (manifest_id);
CREATE UNIQUE INDEX apprmanifestblob_manifest_id_blob_id ON apprmanifestblob (manifest_id, blob_id);

CREATE TABLE apprblobplacementlocation (
    id   INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_apprblobplacementlocation PRIMARY KEY (id)
);
CREATE UNIQUE INDEX apprblobplacementlocation_name ON apprblobplacementlocation (name);

CREATE TABLE apprblobplacement (
    id          INTEGER NOT NULL,
    blob_id     INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    CONSTRAINT pk_apprblobplacement PRIMARY KEY (id),
    CONSTRAINT fk_apprblobplacement_blob_id_apprblob FOREIGN KEY (blob_id) REFERENCES apprblob (id),
    CONSTRAINT fk_apprblobplacement_location_id_apprblobplacementlocation FOREIGN KEY (location_id) REFERENCES apprblobplacementlocation (id)
);
CREATE INDEX apprblobplacement_blob_id ON apprblobplacement (blob_id);
CREATE UNIQUE INDEX apprblobplacement_blob_id_location_id ON apprblobplacement (blob_id, location_id);
CREATE INDEX apprblobplacement_location_id ON apprblobplacement (location_id);
