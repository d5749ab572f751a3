-- Repositories and their popularity, and the policies that run over their tags.

CREATE TABLE repositorykind (
    id   INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_repositorykind PRIMARY KEY (id)
);
CREATE UNIQUE INDEX repositorykind_name ON repositorykind (name);

CREATE TABLE visibility (
    id   INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_visibility PRIMARY KEY (id)
);
CREATE UNIQUE INDEX visibility_name ON visibility (name);

CREATE TABLE repository (
    id                INTEGER NOT NULL,
    namespace_user_id INTEGER,
    name              VARCHAR(255) NOT NULL,
    visibility_id     INTEGER NOT NULL,
    description       TEXT,
    badge_token       VARCHAR(255) NOT NULL,
    kind_id           INTEGER DEFAULT '1' NOT NULL,
    trust_enabled     BOOLEAN DEFAULT 0 NOT NULL,
    state             INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_repository PRIMARY KEY (id),
    CONSTRAINT fk_repository_visibility_id_visibility FOREIGN KEY (visibility_id) REFERENCES visibility (id),
    CONSTRAINT fk_repository_namespace_user_id_user FOREIGN KEY (namespace_user_id) REFERENCES "user" (id),
    CONSTRAINT fk_repository_kind_id_repositorykind FOREIGN KEY (kind_id) REFERENCES repositorykind (id)
);
CREATE UNIQUE INDEX repository_namespace_user_id_name ON repository (namespace_user_id, name);
CREATE INDEX repository_description__fulltext ON repository (description);
CREATE INDEX repository_visibility_id ON repository (visibility_id);
CREATE INDEX repository_namespace_user_id ON repository (namespace_user_id);
CREATE INDEX repository_name__fulltext ON repository (name);
CREATE INDEX repository_kind_id ON repository (kind_id);
CREATE INDEX repository_state ON repository (state);

-- Repositories that a worker is to delete.
CREATE TABLE deletedrepository (
    id            INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    marked        DATETIME NOT NULL,
    original_name VARCHAR(255) NOT NULL,
    queue_id      VARCHAR(255),
    CONSTRAINT pk_deletedrepository PRIMARY KEY (id),
    CONSTRAINT fk_deletedrepository_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX deletedrepository_original_name ON deletedrepository (original_name);
CREATE INDEX deletedrepository_queue_id ON deletedrepository (queue_id);
CREATE UNIQUE INDEX deletedrepository_repository_id ON deletedrepository (repository_id);

-- Repositories that a user marked.
CREATE TABLE star (
    id            INTEGER NOT NULL,
    user_id       INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    created       DATETIME NOT NULL,
    CONSTRAINT pk_star PRIMARY KEY (id),
    CONSTRAINT fk_star_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_star_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX star_repository_id ON star (repository_id);
CREATE INDEX star_user_id ON star (user_id);
CREATE UNIQUE INDEX star_user_id_repository_id ON star (user_id, repository_id);

-- Actions on a repository in one day.
CREATE TABLE repositoryactioncount (
    id            INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    count         INTEGER NOT NULL,
    date          DATE NOT NULL,
    CONSTRAINT pk_repositoryactioncount PRIMARY KEY (id),
    CONSTRAINT fk_repositoryactioncount_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE INDEX repositoryactioncount_date ON repositoryactioncount (date);
CREATE INDEX repositoryactioncount_repository_id ON repositoryactioncount (repository_id);
CREATE UNIQUE INDEX repositoryactioncount_repository_id_date ON repositoryactioncount (repository_id, date);

-- The rank of a repository in search results.
CREATE TABLE repositorysearchscore (
    id            INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    score         BIGINT NOT NULL,
    last_updated  DATETIME,
    CONSTRAINT pk_repositorysearchscore PRIMARY KEY (id),
    CONSTRAINT fk_repositorysearchscore_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE UNIQUE INDEX repositorysearchscore_repository_id ON repositorysearchscore (repository_id);
CREATE INDEX repositorysearchscore_score ON repositorysearchscore (score);

-- Addresses that agreed to receive notifications of a repository.
CREATE TABLE repositoryauthorizedemail (
    id            INTEGER NOT NULL,
    repository_id INTEGER NOT NULL,
    email         VARCHAR(255) NOT NULL,
    code          VARCHAR(255) NOT NULL,
    confirmed     BOOLEAN NOT NULL,
    CONSTRAINT pk_repositoryauthorizedemail PRIMARY KEY (id),
    CONSTRAINT fk_repositoryauthorizedemail_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id)
);
CREATE UNIQUE INDEX repositoryauthorizedemail_code ON repositoryauthorizedemail (code);
CREATE UNIQUE INDEX repositoryauthorizedemail_email_repository_id ON repositoryauthorizedemail (email, repository_id);
CREATE INDEX repositoryauthorizedemail_repository_id ON repositoryauthorizedemail (repository_id);

-- Rules that remove old tags: of a namespace, ...
CREATE TABLE namespaceautoprunepolicy (
    id           INTEGER NOT NULL,
    uuid         VARCHAR(36) NOT NULL,
    namespace_id INTEGER NOT NULL,
    policy       TEXT NOT NULL,
    CONSTRAINT pk_namespaceautoprunepolicyid PRIMARY KEY (id),
    CONSTRAINT fk_namespaceautoprunepolicy_namespace_id_user FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX namespaceautoprunepolicy_uuid ON namespaceautoprunepolicy (uuid);
CREATE INDEX namespaceautoprunepolicy_namespace_id ON namespaceautoprunepolicy (namespace_id);

-- ... and of one repository.
CREATE TABLE repositoryautoprunepolicy (
    id            INTEGER NOT NULL,
    uuid          VARCHAR(36) NOT NULL,
    repository_id INTEGER NOT NULL,
    namespace_id  INTEGER NOT NULL,
    policy        TEXT NOT NULL,
    CONSTRAINT pk_repositoryautoprunepolicyid PRIMARY KEY (id),
    CONSTRAINT fk_repositoryautoprunepolicy_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_repositoryautoprunepolicy_namespace_id_user FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX repositoryautoprunepolicy_uuid ON repositoryautoprunepolicy (uuid);
CREATE INDEX repositoryautoprunepolicy_namespace_id ON repositoryautoprunepolicy (namespace_id);
CREATE INDEX repositoryautoprunepolicy_repository_id ON repositoryautoprunepolicy (repository_id);

-- When the rules of a namespace last ran.
CREATE TABLE autoprunetaskstatus (
    id           INTEGER NOT NULL,
    namespace_id INTEGER NOT NULL,
    last_ran_ms  BIGINT,
    status       TEXT,
    CONSTRAINT pk_autoprunetaskstatusid PRIMARY KEY (id),
    CONSTRAINT fk_autoprunetaskstatus_namespace_id_user FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX autoprunetaskstatus_namespace_id ON autoprunetaskstatus (namespace_id);
CREATE INDEX autoprunetaskstatus_last_ran_ms ON autoprunetaskstatus (last_ran_ms);

-- Rules that make tags immutable: of a namespace, ...
CREATE TABLE namespaceimmutabilitypolicy (
    id           INTEGER NOT NULL,
    uuid         VARCHAR(36) NOT NULL,
    namespace_id INTEGER NOT NULL,
    policy       TEXT NOT NULL,
    CONSTRAINT pk_namespaceimmutabilitypolicyid PRIMARY KEY (id),
    CONSTRAINT fk_namespaceimmutabilitypolicy_namespace_id_user FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE INDEX namespaceimmutabilitypolicy_namespace_id ON namespaceimmutabilitypolicy (namespace_id);
CREATE UNIQUE INDEX namespaceimmutabilitypolicy_uuid ON namespaceimmutabilitypolicy (uuid);

-- ... and of one repository.
CREATE TABLE repositoryimmutabilitypolicy (
    id            INTEGER NOT NULL,
    uuid          VARCHAR(36) NOT NULL,
    repository_id INTEGER NOT NULL,
    namespace_id  INTEGER NOT NULL,
    policy        TEXT NOT NULL,
    CONSTRAINT pk_repositoryimmutabilitypolicyid PRIMARY KEY (id),
    CONSTRAINT fk_repositoryimmutabilitypolicy_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_repositoryimmutabilitypolicy_namespace_id_user FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE INDEX repositoryimmutabilitypolicy_repository_id ON repositoryimmutabilitypolicy (repository_id);
CREATE INDEX repositoryimmutabilitypolicy_namespace_id ON repositoryimmutabilitypolicy (namespace_id);
CREATE UNIQUE INDEX repositoryimmutabilitypolicy_uuid ON repositoryimmutabilitypolicy (uuid);
