-- Blobs, uploads, manifests, tags and labels.

-- The media types that manifests, labels and messages have. Look one up by its
-- name: its id differs from installation to installation.
CREATE TABLE mediatype (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_mediatype PRIMARY KEY (id)
);
CREATE UNIQUE INDEX mediatype_name ON mediatype (name);

-- Names of storage locations.
CREATE TABLE imagestoragelocation (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_imagestoragelocation PRIMARY KEY (id)
);
CREATE UNIQUE INDEX imagestoragelocation_name ON imagestoragelocation (name);

-- Storage locations that an account prefers.
CREATE TABLE userregion (
    id          SERIAL NOT NULL,
    user_id     INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    CONSTRAINT pk_userregion PRIMARY KEY (id),
    CONSTRAINT fk_userregion_location_id_imagestoragelocation FOREIGN KEY (location_id) REFERENCES imagestoragelocation (id),
    CONSTRAINT fk_userregion_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX userregion_location_id ON userregion (location_id);
CREATE INDEX userregion_user_id ON userregion (user_id);

-- Blobs.
CREATE TABLE imagestorage (
    id                SERIAL NOT NULL,
    uuid              VARCHAR(255) NOT NULL,
    image_size        BIGINT,
    uncompressed_size BIGINT,
    uploading         BOOLEAN,
    cas_path          BOOLEAN DEFAULT FALSE NOT NULL,
    content_checksum  VARCHAR(255),
    CONSTRAINT pk_imagestorage PRIMARY KEY (id)
);
CREATE INDEX imagestorage_content_checksum ON imagestorage (content_checksum);
CREATE UNIQUE INDEX imagestorage_uuid ON imagestorage (uuid);

-- The locations that have a copy of a blob.
CREATE TABLE imagestorageplacement (
    id          SERIAL NOT NULL,
    storage_id  INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    CONSTRAINT pk_imagestorageplacement PRIMARY KEY (id),
    CONSTRAINT fk_imagestorageplacement_location_id_imagestoragelocation FOREIGN KEY (location_id) REFERENCES imagestoragelocation (id),
    CONSTRAINT fk_imagestorageplacement_storage_id_imagestorage FOREIGN KEY (storage_id) REFERENCES imagestorage (id)
);
CREATE INDEX imagestorageplacement_location_id ON imagestorageplacement (location_id);
CREATE INDEX imagestorageplacement_storage_id ON imagestorageplacement (storage_id);
CREATE UNIQUE INDEX imagestorageplacement_storage_id_location_id ON imagestorageplacement (storage_id, location_id);

CREATE TABLE imagestoragesignaturekind (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_imagestoragesignaturekind PRIMARY KEY (id)
);
CREATE UNIQUE INDEX imagestoragesignaturekind_name ON imagestoragesignaturekind (name);

-- Detached signatures of blobs.
CREATE TABLE imagestoragesignature (
    id         SERIAL NOT NULL,
    storage_id INTEGER NOT NULL,
    kind_id    INTEGER NOT NULL,
    signature  TEXT,
    uploading  BOOLEAN,
    CONSTRAINT pk_imagestoragesignature PRIMARY KEY (id),
    CONSTRAINT fk_imagestoragesignature_kind_id_imagestoragesignaturekind FOREIGN KEY (kind_id) REFERENCES imagestoragesignaturekind (id),
    CONSTRAINT fk_imagestoragesignature_storage_id_imagestorage FOREIGN KEY (storage_id) REFERENCES imagestorage (id)
);
CREATE INDEX imagestoragesignature_kind_id ON imagestoragesignature (kind_id);
CREATE UNIQUE INDEX imagestoragesignature_kind_id_storage_id ON imagestoragesignature (kind_id, storage_id);
CREATE INDEX imagestoragesignature_storage_id ON imagestoragesignature (storage_id);

-- Kinds of derived images; only the enum rows are left of them.
CREATE TABLE imagestoragetransformation (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_imagestoragetransformation PRIMARY KEY (id)
);
CREATE UNIQUE INDEX imagestoragetransformation_name ON imagestoragetransformation (name);

-- Uploads in progress. The default of "created" is a moment: the migration that
-- adds the column writes down when it ran. Here it is a fixed one, long past.
-- Every writer sets the column, so the value only has to be valid.
CREATE TABLE blobupload (
    id                      SERIAL NOT NULL,
    repository_id           INTEGER NOT NULL,
    uuid                    VARCHAR(255) NOT NULL,
    byte_count              BIGINT NOT NULL,
    sha_state               TEXT,
    location_id             INTEGER NOT NULL,
    storage_metadata        TEXT,
    chunk_count             INTEGER DEFAULT 0 NOT NULL,
    uncompressed_byte_count BIGINT,
    created                 TIMESTAMP DEFAULT '2000-01-01 00:00:00' NOT NULL,
    piece_sha_state         TEXT,
    piece_hashes            TEXT,
    CONSTRAINT pk_blobupload PRIMARY KEY (id),
    CONSTRAINT fk_blobupload_location_id_imagestoragelocation FOREIGN KEY (location_id) REFERENCES imagestoragelocation (id),
    CONSTRAINT fk_blobupload_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX blobupload_location_id ON blobupload (location_id);
CREATE INDEX blobupload_created ON blobupload (created);
CREATE UNIQUE INDEX blobupload_uuid ON blobupload (uuid);
CREATE UNIQUE INDEX blobupload_repository_id_uuid ON blobupload (repository_id, uuid);
CREATE INDEX blobupload_repository_id ON blobupload (repository_id);

-- Blobs just uploaded, kept until a manifest has had time to refer to them.
CREATE TABLE uploadedblob (
    id            BIGSERIAL NOT NULL,
    repository_id INTEGER NOT NULL,
    blob_id       INTEGER NOT NULL,
    uploaded_at   TIMESTAMP NOT NULL,
    expires_at    TIMESTAMP NOT NULL,
    CONSTRAINT pk_uploadedblob PRIMARY KEY (id),
    CONSTRAINT fk_uploadedblob_blob_id_imagestorage FOREIGN KEY (blob_id) REFERENCES imagestorage (id),
    CONSTRAINT fk_uploadedblob_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX uploadedblob_blob_id ON uploadedblob (blob_id);
CREATE INDEX uploadedblob_expires_at ON uploadedblob (expires_at);
CREATE INDEX uploadedblob_repository_id ON uploadedblob (repository_id);

CREATE TABLE manifest (
    id                       SERIAL NOT NULL,
    repository_id            INTEGER NOT NULL,
    digest                   VARCHAR(255) NOT NULL,
    media_type_id            INTEGER NOT NULL,
    manifest_bytes           TEXT NOT NULL,
    config_media_type        VARCHAR(255),
    layers_compressed_size   BIGINT,
    subject                  VARCHAR(255),
    subject_backfilled       BOOLEAN,
    artifact_type            VARCHAR(255),
    artifact_type_backfilled BOOLEAN,
    CONSTRAINT pk_manifest PRIMARY KEY (id),
    CONSTRAINT fk_manifest_media_type_id_mediatype FOREIGN KEY (media_type_id) REFERENCES mediatype (id),
    CONSTRAINT fk_manifest_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX manifest_media_type_id ON manifest (media_type_id);
CREATE UNIQUE INDEX manifest_repository_id_digest ON manifest (repository_id, digest);
CREATE INDEX manifest_digest ON manifest (digest);
CREATE INDEX manifest_repository_id ON manifest (repository_id);
CREATE INDEX manifest_repository_id_media_type_id ON manifest (repository_id, media_type_id);
CREATE INDEX manifest_repository_id_config_media_type ON manifest (repository_id, config_media_type);
CREATE INDEX manifest_repository_id_subject ON manifest (repository_id, subject);
CREATE INDEX manifest_subject_backfilled ON manifest (subject_backfilled);
CREATE INDEX manifest_repository_id_artifact_type ON manifest (repository_id, artifact_type);
CREATE INDEX manifest_artifact_type_backfilled ON manifest (artifact_type_backfilled);

-- Blobs that a manifest refers to.
CREATE TABLE manifestblob (
    id            BIGSERIAL NOT NULL,
    repository_id INTEGER NOT NULL,
    manifest_id   INTEGER NOT NULL,
    blob_id       INTEGER NOT NULL,
    CONSTRAINT pk_manifestblob PRIMARY KEY (id),
    CONSTRAINT fk_manifestblob_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_manifestblob_manifest_id_manifest FOREIGN KEY (manifest_id) REFERENCES manifest (id),
    CONSTRAINT fk_manifestblob_blob_id_imagestorage FOREIGN KEY (blob_id) REFERENCES imagestorage (id)
);
CREATE UNIQUE INDEX manifestblob_manifest_id_blob_id ON manifestblob (manifest_id, blob_id);
CREATE INDEX manifestblob_manifest_id ON manifestblob (manifest_id);
CREATE INDEX manifestblob_blob_id ON manifestblob (blob_id);
CREATE INDEX manifestblob_repository_id ON manifestblob (repository_id);
CREATE INDEX manifestblob_repository_id_blob_id ON manifestblob (repository_id, blob_id);

-- Manifests that an index refers to.
CREATE TABLE manifestchild (
    id                SERIAL NOT NULL,
    repository_id     INTEGER NOT NULL,
    manifest_id       INTEGER NOT NULL,
    child_manifest_id INTEGER NOT NULL,
    CONSTRAINT pk_manifestchild PRIMARY KEY (id),
    CONSTRAINT fk_manifestchild_child_manifest_id_manifest FOREIGN KEY (child_manifest_id) REFERENCES manifest (id),
    CONSTRAINT fk_manifestchild_manifest_id_manifest FOREIGN KEY (manifest_id) REFERENCES manifest (id),
    CONSTRAINT fk_manifestchild_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX manifestchild_child_manifest_id ON manifestchild (child_manifest_id);
CREATE INDEX manifestchild_manifest_id ON manifestchild (manifest_id);
CREATE UNIQUE INDEX manifestchild_manifest_id_child_manifest_id ON manifestchild (manifest_id, child_manifest_id);
CREATE INDEX manifestchild_repository_id ON manifestchild (repository_id);
CREATE INDEX manifestchild_repository_id_child_manifest_id ON manifestchild (repository_id, child_manifest_id);
CREATE INDEX manifestchild_repository_id_manifest_id ON manifestchild (repository_id, manifest_id);
CREATE INDEX manifestchild_repository_id_manifest_id_child_manifest_id ON manifestchild (repository_id, manifest_id, child_manifest_id);

-- What the security scanner knows of a manifest.
CREATE TABLE manifestsecuritystatus (
    id              SERIAL NOT NULL,
    manifest_id     INTEGER NOT NULL,
    repository_id   INTEGER NOT NULL,
    index_status    INTEGER NOT NULL,
    error_json      TEXT NOT NULL,
    last_indexed    TIMESTAMP NOT NULL,
    indexer_hash    VARCHAR(128) NOT NULL,
    indexer_version INTEGER NOT NULL,
    metadata_json   TEXT NOT NULL,
    CONSTRAINT pk_manifestsecuritystatus PRIMARY KEY (id),
    CONSTRAINT fk_manifestsecuritystatus_manifest_id_manifest FOREIGN KEY (manifest_id) REFERENCES manifest (id),
    CONSTRAINT fk_manifestsecuritystatus_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX manifestsecuritystatus_index_status ON manifestsecuritystatus (index_status);
CREATE INDEX manifestsecuritystatus_indexer_hash ON manifestsecuritystatus (indexer_hash);
CREATE INDEX manifestsecuritystatus_indexer_version ON manifestsecuritystatus (indexer_version);
CREATE INDEX manifestsecuritystatus_last_indexed ON manifestsecuritystatus (last_indexed);
CREATE UNIQUE INDEX manifestsecuritystatus_manifest_id ON manifestsecuritystatus (manifest_id);
CREATE INDEX manifestsecuritystatus_repository_id ON manifestsecuritystatus (repository_id);

CREATE TABLE manifestpullstatistics (
    id                      SERIAL NOT NULL,
    repository_id           INTEGER NOT NULL,
    manifest_digest         VARCHAR(255) NOT NULL,
    manifest_pull_count     BIGINT NOT NULL,
    last_manifest_pull_date TIMESTAMP NOT NULL,
    CONSTRAINT pk_manifestpullstatistics PRIMARY KEY (id),
    CONSTRAINT fk_manifestpullstatistics_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE UNIQUE INDEX manifestpullstatistics_repository_id_manifest_digest ON manifestpullstatistics (repository_id, manifest_digest);

CREATE TABLE tagkind (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_tagkind PRIMARY KEY (id)
);
CREATE UNIQUE INDEX tagkind_name ON tagkind (name);

-- Tags through time: a tag is alive while lifetime_end_ms is null or in the
-- future. Old rows are the history that a tag can be restored from.
CREATE TABLE tag (
    id                SERIAL NOT NULL,
    name              VARCHAR(255) NOT NULL,
    repository_id     INTEGER NOT NULL,
    manifest_id       INTEGER,
    lifetime_start_ms BIGINT NOT NULL,
    lifetime_end_ms   BIGINT,
    hidden            BOOLEAN DEFAULT FALSE NOT NULL,
    reversion         BOOLEAN DEFAULT FALSE NOT NULL,
    tag_kind_id       INTEGER NOT NULL,
    linked_tag_id     INTEGER,
    immutable         BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT pk_tag PRIMARY KEY (id),
    CONSTRAINT fk_tag_linked_tag_id_tag FOREIGN KEY (linked_tag_id) REFERENCES tag (id),
    CONSTRAINT fk_tag_manifest_id_manifest FOREIGN KEY (manifest_id) REFERENCES manifest (id),
    CONSTRAINT fk_tag_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_tag_tag_kind_id_tagkind FOREIGN KEY (tag_kind_id) REFERENCES tagkind (id)
);
CREATE INDEX tag_lifetime_end_ms ON tag (lifetime_end_ms);
CREATE INDEX tag_linked_tag_id ON tag (linked_tag_id);
CREATE INDEX tag_manifest_id ON tag (manifest_id);
CREATE INDEX tag_repository_id ON tag (repository_id);
CREATE INDEX tag_repository_id_name ON tag (repository_id, name);
CREATE INDEX tag_repository_id_name_hidden ON tag (repository_id, name, hidden);
CREATE UNIQUE INDEX tag_repository_id_name_lifetime_end_ms ON tag (repository_id, name, lifetime_end_ms);
CREATE INDEX tag_repository_id_name_tag_kind_id ON tag (repository_id, name, tag_kind_id);
CREATE INDEX tag_tag_kind_id ON tag (tag_kind_id);
CREATE INDEX tag_repository_id_lifetime_end_ms ON tag (repository_id, lifetime_end_ms);
CREATE INDEX tag_repository_id_lifetime_start_ms ON tag (repository_id, lifetime_start_ms);
CREATE INDEX tag_repository_id_immutable ON tag (repository_id, immutable);
CREATE INDEX tag_manifest_id_immutable ON tag (manifest_id, immutable);
CREATE INDEX tag_manifest_id_lifetime_end_ms ON tag (manifest_id, lifetime_end_ms);

CREATE TABLE tagpullstatistics (
    id                      SERIAL NOT NULL,
    repository_id           INTEGER NOT NULL,
    tag_name                VARCHAR(255) NOT NULL,
    tag_pull_count          BIGINT NOT NULL,
    last_tag_pull_date      TIMESTAMP NOT NULL,
    current_manifest_digest VARCHAR(255),
    CONSTRAINT pk_tagpullstatistics PRIMARY KEY (id),
    CONSTRAINT fk_tagpullstatistics_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE UNIQUE INDEX tagpullstatistics_repository_id_tag_name ON tagpullstatistics (repository_id, tag_name);

-- Where a label came from. Only those set through the API can be changed.
CREATE TABLE labelsourcetype (
    id      SERIAL NOT NULL,
    name    VARCHAR(255) NOT NULL,
    mutable BOOLEAN NOT NULL,
    CONSTRAINT pk_labelsourcetype PRIMARY KEY (id)
);
CREATE UNIQUE INDEX labelsourcetype_name ON labelsourcetype (name);

CREATE TABLE label (
    id             SERIAL NOT NULL,
    uuid           VARCHAR(255) NOT NULL,
    "key"          VARCHAR(255) NOT NULL,
    value          TEXT NOT NULL,
    media_type_id  INTEGER NOT NULL,
    source_type_id INTEGER NOT NULL,
    CONSTRAINT pk_label PRIMARY KEY (id),
    CONSTRAINT fk_label_media_type_id_mediatype FOREIGN KEY (media_type_id) REFERENCES mediatype (id),
    CONSTRAINT fk_label_source_type_id_labelsourcetype FOREIGN KEY (source_type_id) REFERENCES labelsourcetype (id)
);
CREATE INDEX label_key ON label ("key");
CREATE INDEX label_media_type_id ON label (media_type_id);
CREATE INDEX label_source_type_id ON label (source_type_id);
CREATE UNIQUE INDEX label_uuid ON label (uuid);

CREATE TABLE manifestlabel (
    id            SERIAL NOT NULL,
    repository_id INTEGER NOT NULL,
    manifest_id   INTEGER NOT NULL,
    label_id      INTEGER NOT NULL,
    CONSTRAINT pk_manifestlabel PRIMARY KEY (id),
    CONSTRAINT fk_manifestlabel_label_id_label FOREIGN KEY (label_id) REFERENCES label (id),
    CONSTRAINT fk_manifestlabel_manifest_id_manifest FOREIGN KEY (manifest_id) REFERENCES manifest (id),
    CONSTRAINT fk_manifestlabel_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX manifestlabel_label_id ON manifestlabel (label_id);
CREATE INDEX manifestlabel_manifest_id ON manifestlabel (manifest_id);
CREATE UNIQUE INDEX manifestlabel_manifest_id_label_id ON manifestlabel (manifest_id, label_id);
CREATE INDEX manifestlabel_repository_id ON manifestlabel (repository_id);
