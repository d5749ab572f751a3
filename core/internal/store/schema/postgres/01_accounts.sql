-- Users, organizations, robots and teams. The three kinds of account share the
-- table "user"; the columns organization and robot tell them apart.

-- Every account: a person, an organization or a robot. An e-mail address is
-- unique among all accounts that are no organizations.
CREATE TABLE "user" (
    id                          SERIAL NOT NULL,
    uuid                        VARCHAR(36),
    username                    VARCHAR(255) NOT NULL,
    password_hash               VARCHAR(255),
    email                       VARCHAR(255) NOT NULL,
    verified                    BOOLEAN NOT NULL,
    stripe_id                   VARCHAR(255),
    organization                BOOLEAN NOT NULL,
    robot                       BOOLEAN NOT NULL,
    invoice_email               BOOLEAN NOT NULL,
    invalid_login_attempts      INTEGER DEFAULT 0 NOT NULL,
    last_invalid_login          TIMESTAMP NOT NULL,
    removed_tag_expiration_s    BIGINT DEFAULT 1209600 NOT NULL,
    enabled                     BOOLEAN DEFAULT TRUE NOT NULL,
    invoice_email_address       VARCHAR(255),
    company                     VARCHAR(255),
    family_name                 VARCHAR(255),
    given_name                  VARCHAR(255),
    location                    VARCHAR(255),
    maximum_queued_builds_count INTEGER,
    creation_date               TIMESTAMP,
    last_accessed               TIMESTAMP,
    CONSTRAINT pk_user PRIMARY KEY (id)
);
CREATE INDEX user_invoice_email_address ON "user" (invoice_email_address);
CREATE INDEX user_last_accessed ON "user" (last_accessed);
CREATE INDEX user_uuid ON "user" (uuid);
CREATE INDEX user_stripe_id ON "user" (stripe_id);
CREATE INDEX user_robot ON "user" (robot);
CREATE UNIQUE INDEX user_username ON "user" (username);
CREATE INDEX user_organization ON "user" (organization);
CREATE UNIQUE INDEX user_email_unique_non_org ON "user" (email) WHERE organization = false;
CREATE INDEX user_email_idx ON "user" (email);

-- External sources of identity.
CREATE TABLE loginservice (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_loginservice PRIMARY KEY (id)
);
CREATE UNIQUE INDEX loginservice_name ON loginservice (name);

-- The identity of an account at such a source.
CREATE TABLE federatedlogin (
    id            SERIAL NOT NULL,
    user_id       INTEGER NOT NULL,
    service_id    INTEGER NOT NULL,
    service_ident VARCHAR(255) NOT NULL,
    metadata_json TEXT NOT NULL,
    CONSTRAINT pk_federatedlogin PRIMARY KEY (id),
    CONSTRAINT fk_federatedlogin_service_id_loginservice FOREIGN KEY (service_id) REFERENCES loginservice (id),
    CONSTRAINT fk_federatedlogin_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX federatedlogin_service_id ON federatedlogin (service_id);
CREATE UNIQUE INDEX federatedlogin_service_id_service_ident ON federatedlogin (service_id, service_ident);
CREATE UNIQUE INDEX federatedlogin_service_id_user_id ON federatedlogin (service_id, user_id);
CREATE INDEX federatedlogin_user_id ON federatedlogin (user_id);

-- Codes sent by mail: sign-up, new address, password reset.
CREATE TABLE emailconfirmation (
    id                SERIAL NOT NULL,
    code              VARCHAR(255) NOT NULL,
    user_id           INTEGER NOT NULL,
    pw_reset          BOOLEAN NOT NULL,
    new_email         VARCHAR(255),
    email_confirm     BOOLEAN NOT NULL,
    created           TIMESTAMP NOT NULL,
    verification_code VARCHAR(255),
    CONSTRAINT pk_emailconfirmation PRIMARY KEY (id),
    CONSTRAINT fk_emailconfirmation_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX emailconfirmation_code ON emailconfirmation (code);
CREATE INDEX emailconfirmation_user_id ON emailconfirmation (user_id);

-- Questions that an account can be asked after its login.
CREATE TABLE userpromptkind (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_userpromptkind PRIMARY KEY (id)
);
CREATE INDEX userpromptkind_name ON userpromptkind (name);

-- Questions still open for an account.
CREATE TABLE userprompt (
    id      SERIAL NOT NULL,
    user_id INTEGER NOT NULL,
    kind_id INTEGER NOT NULL,
    CONSTRAINT pk_userprompt PRIMARY KEY (id),
    CONSTRAINT fk_userprompt_kind_id_userpromptkind FOREIGN KEY (kind_id) REFERENCES userpromptkind (id),
    CONSTRAINT fk_userprompt_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX userprompt_kind_id ON userprompt (kind_id);
CREATE INDEX userprompt_user_id ON userprompt (user_id);
CREATE UNIQUE INDEX userprompt_user_id_kind_id ON userprompt (user_id, kind_id);

-- Namespaces that a worker is to delete.
CREATE TABLE deletednamespace (
    id                SERIAL NOT NULL,
    namespace_id      INTEGER NOT NULL,
    marked            TIMESTAMP NOT NULL,
    original_username VARCHAR(255) NOT NULL,
    original_email    VARCHAR(255) NOT NULL,
    queue_id          VARCHAR(255),
    CONSTRAINT pk_deletednamespace PRIMARY KEY (id),
    CONSTRAINT fk_deletednamespace_namespace_id_user FOREIGN KEY (namespace_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX deletednamespace_namespace_id ON deletednamespace (namespace_id);
CREATE INDEX deletednamespace_original_email ON deletednamespace (original_email);
CREATE INDEX deletednamespace_original_username ON deletednamespace (original_username);
CREATE INDEX deletednamespace_queue_id ON deletednamespace (queue_id);

-- The contact address of an organization.
CREATE TABLE organizationcontactemail (
    id              SERIAL NOT NULL,
    organization_id INTEGER NOT NULL,
    contact_email   VARCHAR(255),
    CONSTRAINT pk_organizationcontactemail PRIMARY KEY (id),
    CONSTRAINT fk_organizationcontactemail_organization_id_user FOREIGN KEY (organization_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX organizationcontactemail_organization_id ON organizationcontactemail (organization_id);
CREATE INDEX organizationcontactemail_contact_email ON organizationcontactemail (contact_email);

-- The Red Hat account number of an account.
CREATE TABLE redhatsubscriptions (
    id             SERIAL NOT NULL,
    user_id        INTEGER NOT NULL,
    account_number INTEGER NOT NULL,
    CONSTRAINT pk_redhatsubscriptions PRIMARY KEY (id),
    CONSTRAINT fk_redhatsubscriptions FOREIGN KEY (user_id) REFERENCES "user" (id)
);

-- Red Hat subscriptions bound to an organization.
CREATE TABLE organizationrhskus (
    id              SERIAL NOT NULL,
    subscription_id INTEGER NOT NULL,
    org_id          INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    quantity        INTEGER,
    CONSTRAINT pk_organizationrhskus PRIMARY KEY (id),
    CONSTRAINT fk_organizationrhskus_userid FOREIGN KEY (user_id) REFERENCES "user" (id),
    CONSTRAINT fk_organizationrhskus_orgid FOREIGN KEY (org_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX organizationrhskus_subscription_id_org_id ON organizationrhskus (subscription_id, org_id);
CREATE UNIQUE INDEX organizationrhskus_subscription_id_org_id_user_id ON organizationrhskus (subscription_id, org_id, user_id);
CREATE INDEX organizationrhskus_subscription_id ON organizationrhskus (subscription_id);

-- What a robot is for.
CREATE TABLE robotaccountmetadata (
    id                SERIAL NOT NULL,
    robot_account_id  INTEGER NOT NULL,
    description       VARCHAR(255) NOT NULL,
    unstructured_json TEXT NOT NULL,
    CONSTRAINT pk_robotaccountmetadata PRIMARY KEY (id),
    CONSTRAINT fk_robotaccountmetadata_robot_account_id_user FOREIGN KEY (robot_account_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX robotaccountmetadata_robot_account_id ON robotaccountmetadata (robot_account_id);

-- The encrypted password of a robot.
CREATE TABLE robotaccounttoken (
    id               SERIAL NOT NULL,
    robot_account_id INTEGER NOT NULL,
    token            VARCHAR(255) NOT NULL,
    fully_migrated   BOOLEAN DEFAULT FALSE NOT NULL,
    CONSTRAINT pk_robotaccounttoken PRIMARY KEY (id),
    CONSTRAINT fk_robotaccounttoken_robot_account_id_user FOREIGN KEY (robot_account_id) REFERENCES "user" (id)
);
CREATE UNIQUE INDEX robotaccounttoken_robot_account_id ON robotaccounttoken (robot_account_id);

-- What members of a team may do in their organization.
CREATE TABLE teamrole (
    id   SERIAL NOT NULL,
    name VARCHAR(255) NOT NULL,
    CONSTRAINT pk_teamrole PRIMARY KEY (id)
);
CREATE INDEX teamrole_name ON teamrole (name);

CREATE TABLE team (
    id              SERIAL NOT NULL,
    name            VARCHAR(255) NOT NULL,
    organization_id INTEGER NOT NULL,
    role_id         INTEGER NOT NULL,
    description     TEXT NOT NULL,
    CONSTRAINT pk_team PRIMARY KEY (id),
    CONSTRAINT fk_team_organization_id_user FOREIGN KEY (organization_id) REFERENCES "user" (id),
    CONSTRAINT fk_team_role_id_teamrole FOREIGN KEY (role_id) REFERENCES teamrole (id)
);
CREATE INDEX team_name ON team (name);
CREATE UNIQUE INDEX team_name_organization_id ON team (name, organization_id);
CREATE INDEX team_organization_id ON team (organization_id);
CREATE INDEX team_role_id ON team (role_id);

CREATE TABLE teammember (
    id      SERIAL NOT NULL,
    user_id INTEGER NOT NULL,
    team_id INTEGER NOT NULL,
    CONSTRAINT pk_teammember PRIMARY KEY (id),
    CONSTRAINT fk_teammember_team_id_team FOREIGN KEY (team_id) REFERENCES team (id),
    CONSTRAINT fk_teammember_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX teammember_team_id ON teammember (team_id);
CREATE INDEX teammember_user_id ON teammember (user_id);
CREATE UNIQUE INDEX teammember_user_id_team_id ON teammember (user_id, team_id);

-- Invitations, to an account or to an address.
CREATE TABLE teammemberinvite (
    id           SERIAL NOT NULL,
    user_id      INTEGER,
    email        VARCHAR(255),
    team_id      INTEGER NOT NULL,
    inviter_id   INTEGER NOT NULL,
    invite_token VARCHAR(255) NOT NULL,
    CONSTRAINT pk_teammemberinvite PRIMARY KEY (id),
    CONSTRAINT fk_teammemberinvite_inviter_id_user FOREIGN KEY (inviter_id) REFERENCES "user" (id),
    CONSTRAINT fk_teammemberinvite_team_id_team FOREIGN KEY (team_id) REFERENCES team (id),
    CONSTRAINT fk_teammemberinvite_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id)
);
CREATE INDEX teammemberinvite_inviter_id ON teammemberinvite (inviter_id);
CREATE INDEX teammemberinvite_team_id ON teammemberinvite (team_id);
CREATE INDEX teammemberinvite_user_id ON teammemberinvite (user_id);

-- A team whose members come from an external directory.
CREATE TABLE teamsync (
    id             SERIAL NOT NULL,
    team_id        INTEGER NOT NULL,
    transaction_id VARCHAR(255) NOT NULL,
    last_updated   TIMESTAMP,
    service_id     INTEGER NOT NULL,
    config         TEXT NOT NULL,
    CONSTRAINT pk_teamsync PRIMARY KEY (id),
    CONSTRAINT fk_teamsync_service_id_loginservice FOREIGN KEY (service_id) REFERENCES loginservice (id),
    CONSTRAINT fk_teamsync_team_id_team FOREIGN KEY (team_id) REFERENCES team (id)
);
CREATE INDEX teamsync_last_updated ON teamsync (last_updated);
CREATE INDEX teamsync_service_id ON teamsync (service_id);
CREATE UNIQUE INDEX teamsync_team_id ON teamsync (team_id);
