-- The revision mark that the Alembic migrations of the product keep. The row
-- itself is written by the Go code.

CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
