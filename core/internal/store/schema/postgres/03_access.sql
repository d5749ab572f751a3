-- Permissions, and the tokens and keys that give access.

-- What a permission allows on a repository.
CREATE TABLE role (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_role PRIMARY KEY (id)
);
CREATE UNIQUE INDEX role_name ON role (name);

-- The role of an account or of a team on one repository.
CREATE TABLE repositorypermission (
    id            SERIAL NOT NULL,
    team_id       INTEGER,
    user_id       INTEGER,
    repository_id INTEGER NOT NULL,
    role_id       INTEGER NOT NULL,
    CONSTRAINT pk_repositorypermission PRIMARY KEY (id),
    CONSTRAINT fk_repositorypermission_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_repositorypermission_role_id_role FOREIGN KEY (role_id) REFERENCES role (id),
    CONSTRAINT fk_repositorypermission_team_id_team FOREIGN KEY (team_id) REFERENCES team (id),
    CONSTRAINT fk_repositorypermission_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX repositorypermission_repository_id ON repositorypermission (repository_id);
CREATE INDEX repositorypermission_role_id ON repositorypermission (role_id);
CREATE INDEX repositorypermission_team_id ON repositorypermission (team_id);
CREATE UNIQUE INDEX repositorypermission_team_id_repository_id ON repositorypermission (team_id, repository_id);
CREATE INDEX repositorypermission_user_id ON repositorypermission (user_id);
CREATE UNIQUE INDEX repositorypermission_user_id_repository_id ON repositorypermission (user_id, repository_id);

-- Permissions that new repositories of an organization receive.
CREATE TABLE permissionprototype (
    id                 SERIAL NOT NULL,
    org_id             INTEGER NOT NULL,
    uuid               VARCHAR(255) NOT NULL,
    activating_user_id INTEGER,
    delegate_user_id   INTEGER,
    delegate_team_id   INTEGER,
    role_id            INTEGER NOT NULL,
    CONSTRAINT pk_permissionprototype PRIMARY KEY (id),
    CONSTRAINT fk_permissionprototype_activating_user_id_user FOREIGN KEY (activating_user_id) REFERENCES "user" (id),
    CONSTRAINT fk_permissionprototype_delegate_team_id_team FOREIGN KEY (delegate_team_id) REFERENCES team (id),
    CONSTRAINT fk_permissionprototype_delegate_user_id_user FOREIGN KEY (delegate_user_id) REFERENCES "user" (id),
    CONSTRAINT fk_permissionprototype_org_id_user FOREIGN KEY (org_id) REFERENCES "user" (id),
    CONSTRAINT fk_permissionprototype_role_id_role FOREIGN KEY (role_id) REFERENCES role (id)
);
CREATE INDEX permissionprototype_activating_user_id ON permissionprototype (activating_user_id);
CREATE INDEX permissionprototype_delegate_team_id ON permissionprototype (delegate_team_id);
CREATE INDEX permissionprototype_delegate_user_id ON permissionprototype (delegate_user_id);
CREATE INDEX permissionprototype_org_id ON permissionprototype (org_id);
CREATE INDEX permissionprototype_org_id_activating_user_id ON permissionprototype (org_id, activating_user_id);
CREATE INDEX permissionprototype_role_id ON permissionprototype (role_id);
CREATE INDEX permissionprototype_uuid ON permissionprototype (uuid);

CREATE TABLE accesstokenkind (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_accesstokenkind PRIMARY KEY (id)
);
CREATE UNIQUE INDEX accesstokenkind_name ON accesstokenkind (name);

-- Tokens for one repository, such as that of a build.
CREATE TABLE accesstoken (
    id            SERIAL NOT NULL,
    friendly_name VARCHAR(255),
    repository_id INTEGER NOT NULL,
    created       TIMESTAMP NOT NULL,
    role_id       INTEGER NOT NULL,
    "temporary"   BOOLEAN NOT NULL,
    kind_id       INTEGER,
    token_code    VARCHAR(255) NOT NULL,
    token_name    VARCHAR(255) NOT NULL,
    CONSTRAINT pk_accesstoken PRIMARY KEY (id),
    CONSTRAINT fk_accesstoken_repository_id_repository FOREIGN KEY (repository_id) REFERENCES repository (id),
    CONSTRAINT fk_accesstoken_role_id_role FOREIGN KEY (role_id) REFERENCES role (id),
    CONSTRAINT fk_accesstoken_kind_id_accesstokenkind FOREIGN KEY (kind_id) REFERENCES accesstokenkind (id)
);
CREATE INDEX accesstoken_role_id ON accesstoken (role_id);
CREATE INDEX accesstoken_kind_id ON accesstoken (kind_id);
CREATE INDEX accesstoken_repository_id ON accesstoken (repository_id);
CREATE UNIQUE INDEX accesstoken_token_name ON accesstoken (token_name);

-- Passwords that a user made for one application.
CREATE TABLE appspecificauthtoken (
    id            SERIAL NOT NULL,
    user_id       INTEGER NOT NULL,
    uuid          VARCHAR(36) NOT NULL,
    title         VARCHAR(255) NOT NULL,
    created       TIMESTAMP NOT NULL,
    expiration    TIMESTAMP,
    last_accessed TIMESTAMP,
    token_name    VARCHAR(255) NOT NULL,
    token_secret  VARCHAR(255) NOT NULL,
    CONSTRAINT pk_appspecificauthtoken PRIMARY KEY (id),
    CONSTRAINT fk_appspecificauthtoken_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX appspecificauthtoken_user_id_expiration ON appspecificauthtoken (user_id, expiration);
CREATE INDEX appspecificauthtoken_user_id ON appspecificauthtoken (user_id);
CREATE UNIQUE INDEX appspecificauthtoken_token_name ON appspecificauthtoken (token_name);
CREATE INDEX appspecificauthtoken_uuid ON appspecificauthtoken (uuid);

CREATE TABLE oauthapplication (
    id                   SERIAL NOT NULL,
    client_id            VARCHAR(255) NOT NULL,
    redirect_uri         VARCHAR(255) NOT NULL,
    application_uri      VARCHAR(255) NOT NULL,
    organization_id      INTEGER NOT NULL,
    name                 VARCHAR(255) NOT NULL,
    description          TEXT NOT NULL,
    gravatar_email       VARCHAR(255),
    secure_client_secret VARCHAR(255),
    fully_migrated       BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT pk_oauthapplication PRIMARY KEY (id),
    CONSTRAINT fk_oauthapplication_organization_id_user FOREIGN KEY (organization_id) REFERENCES "user" (id)
);
CREATE INDEX oauthapplication_client_id ON oauthapplication (client_id);
CREATE INDEX oauthapplication_organization_id ON oauthapplication (organization_id);

CREATE TABLE oauthauthorizationcode (
    id              SERIAL NOT NULL,
    application_id  INTEGER NOT NULL,
    scope           VARCHAR(255) NOT NULL,
    data            TEXT NOT NULL,
    code_credential VARCHAR(255) NOT NULL,
    code_name       VARCHAR(255) NOT NULL,
    CONSTRAINT pk_oauthauthorizationcode PRIMARY KEY (id),
    CONSTRAINT fk_oauthauthorizationcode_application_id_oauthapplication FOREIGN KEY (application_id) REFERENCES oauthapplication (id)
);
CREATE UNIQUE INDEX oauthauthorizationcode_code_name ON oauthauthorizationcode (code_name);
CREATE INDEX oauthauthorizationcode_application_id ON oauthauthorizationcode (application_id);

CREATE TABLE oauthaccesstoken (
    id                 SERIAL NOT NULL,
    uuid               VARCHAR(255) NOT NULL,
    application_id     INTEGER NOT NULL,
    authorized_user_id INTEGER NOT NULL,
    scope              VARCHAR(255) NOT NULL,
    token_type         VARCHAR(255) NOT NULL,
    expires_at         TIMESTAMP NOT NULL,
    data               TEXT NOT NULL,
    token_code         VARCHAR(255) NOT NULL,
    token_name         VARCHAR(255) NOT NULL,
    last_accessed      TIMESTAMP,
    created            TIMESTAMP,
    display_name       VARCHAR(255),
    CONSTRAINT pk_oauthaccesstoken PRIMARY KEY (id),
    CONSTRAINT fk_oauthaccesstoken_authorized_user_id_user FOREIGN KEY (authorized_user_id) REFERENCES "user" (id),
    CONSTRAINT fk_oauthaccesstoken_application_id_oauthapplication FOREIGN KEY (application_id) REFERENCES oauthapplication (id)
);
CREATE UNIQUE INDEX oauthaccesstoken_token_name ON oauthaccesstoken (token_name);
CREATE INDEX oauthaccesstoken_authorized_user_id ON oauthaccesstoken (authorized_user_id);
CREATE INDEX oauthaccesstoken_application_id ON oauthaccesstoken (application_id);
CREATE INDEX oauthaccesstoken_uuid ON oauthaccesstoken (uuid);
CREATE INDEX oauthaccesstoken_application_id_last_accessed ON oauthaccesstoken (application_id, last_accessed);

-- Tokens that an application holds ready for a user who has yet to agree.
CREATE TABLE oauthassignedtoken (
    id               SERIAL NOT NULL,
    uuid             VARCHAR(255) NOT NULL,
    assigned_user_id INTEGER NOT NULL,
    application_id   INTEGER NOT NULL,
    redirect_uri     VARCHAR(255),
    scope            VARCHAR(255) NOT NULL,
    response_type    VARCHAR(255),
    CONSTRAINT pk_oauthassignedtoken PRIMARY KEY (id),
    CONSTRAINT fk_oauthassignedtoken_application_oauthapplication FOREIGN KEY (application_id) REFERENCES oauthapplication (id),
    CONSTRAINT fk_oauthassignedtoken_assigned_user_user FOREIGN KEY (assigned_user_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX oauthassignedtoken_uuid ON oauthassignedtoken (uuid);
CREATE INDEX oauthassignedtoken_application_id ON oauthassignedtoken (application_id);
CREATE INDEX oauthassignedtoken_assigned_user ON oauthassignedtoken (assigned_user_id);

-- Who approved a service key, and when.
CREATE TABLE servicekeyapproval (
    id            SERIAL NOT NULL,
    approver_id   INTEGER,
    approval_type VARCHAR(255) NOT NULL,
    approved_date TIMESTAMP NOT NULL,
    notes         TEXT NOT NULL,
    CONSTRAINT pk_servicekeyapproval PRIMARY KEY (id)
);
CREATE INDEX servicekeyapproval_approval_type ON servicekeyapproval (approval_type);
CREATE INDEX servicekeyapproval_approver_id ON servicekeyapproval (approver_id);

-- Public keys of the services that may sign tokens.
CREATE TABLE servicekey (
    id                SERIAL NOT NULL,
    name              VARCHAR(255) NOT NULL,
    kid               VARCHAR(255) NOT NULL,
    service           VARCHAR(255) NOT NULL,
    jwk               TEXT NOT NULL,
    metadata          TEXT NOT NULL,
    created_date      TIMESTAMP NOT NULL,
    expiration_date   TIMESTAMP,
    rotation_duration INTEGER,
    approval_id       INTEGER,
    CONSTRAINT pk_servicekey PRIMARY KEY (id),
    CONSTRAINT fk_servicekey_approval_id_servicekeyapproval FOREIGN KEY (approval_id) REFERENCES servicekeyapproval (id)
);
CREATE INDEX servicekey_approval_id ON servicekey (approval_id);
CREATE UNIQUE INDEX servicekey_kid ON servicekey (kid);
CREATE INDEX servicekey_service ON servicekey (service);
