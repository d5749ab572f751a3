-- Queues and deployments.

-- All work queues. A worker claims a row by changing its state_id.
CREATE TABLE queueitem (
    id                 SERIAL NOT NULL,
    queue_name         VARCHAR(1024) NOT NULL,
    body               TEXT NOT NULL,
    available_after    TIMESTAMP NOT NULL,
    available          BOOLEAN NOT NULL,
    processing_expires TIMESTAMP,
    retries_remaining  INTEGER NOT NULL,
    state_id           VARCHAR(255) DEFAULT '' NOT NULL,
    CONSTRAINT pk_queueitem PRIMARY KEY (id)
);
CREATE INDEX queueitem_queue_name ON queueitem (queue_name);
CREATE INDEX queueitem_processing_expires_available ON queueitem (processing_expires, available);
CREATE INDEX queueitem_pe_aafter_qname_rremaining_available ON queueitem (processing_expires, available_after, queue_name, retries_remaining, available);
CREATE INDEX queueitem_pexpires_aafter_rremaining_available ON queueitem (processing_expires, available_after, retries_remaining, available);
CREATE INDEX queueitem_processing_expires_queue_name_available ON queueitem (processing_expires, queue_name, available);
CREATE UNIQUE INDEX queueitem_state_id ON queueitem (state_id);

CREATE TABLE quayservice (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_quayservice PRIMARY KEY (id)
);
CREATE UNIQUE INDEX quayservice_name ON quayservice (name);

CREATE TABLE quayregion (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_quayregion PRIMARY KEY (id)
);
CREATE UNIQUE INDEX quayregion_name ON quayregion (name);

-- Versions that ran, by service and region.
CREATE TABLE quayrelease (
    id         SERIAL NOT NULL,
    service_id INTEGER NOT NULL,
    version    VARCHAR(255) NOT NULL,
    region_id  INTEGER NOT NULL,
    reverted   BOOLEAN NOT NULL,
    created    TIMESTAMP NOT NULL,
    CONSTRAINT pk_quayrelease PRIMARY KEY (id),
    CONSTRAINT fk_quayrelease_region_id_quayregion FOREIGN KEY (region_id) REFERENCES quayregion (id),
    CONSTRAINT fk_quayrelease_service_id_quayservice FOREIGN KEY (service_id) REFERENCES quayservice (id)
);
CREATE INDEX quayrelease_created ON quayrelease (created);
CREATE INDEX quayrelease_region_id ON quayrelease (region_id);
CREATE INDEX quayrelease_service_id ON quayrelease (service_id);
CREATE INDEX quayrelease_service_id_region_id_created ON quayrelease (service_id, region_id, created);
CREATE UNIQUE INDEX quayrelease_service_id_version_region_id ON quayrelease (service_id, version, region_id);
