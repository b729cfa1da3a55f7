"""The request log is partitioned by the time inside its UUIDv7 ids; months are made ahead, DEFAULT is the net."""

from django.db import migrations

REQUEST = """
CREATE TABLE requestlog_request (
  brand_id bigint NOT NULL,
  id uuid NOT NULL,
  method smallint NOT NULL,
  error_code smallint NOT NULL,
  http_status smallint NOT NULL,
  location_id bigint,
  terminal_id bigint,
  credential_id bigint,
  card_number text,
  custom_id text,
  external_id text,
  note text,
  address text,
  micros integer NOT NULL,
  headers bytea NOT NULL,
  request bytea NOT NULL,
  response bytea NOT NULL,
  PRIMARY KEY (brand_id, id)
) PARTITION BY RANGE (id);
CREATE TABLE requestlog_request_default PARTITION OF requestlog_request DEFAULT;
CREATE INDEX requestlog_request_card ON requestlog_request (brand_id, card_number, id) WHERE card_number IS NOT NULL;
CREATE INDEX requestlog_request_custom ON requestlog_request (brand_id, left(custom_id, 64)) WHERE custom_id IS NOT NULL;
CREATE INDEX requestlog_request_external ON requestlog_request (brand_id, left(external_id, 64))
  WHERE external_id IS NOT NULL;
CREATE INDEX requestlog_request_refused ON requestlog_request (brand_id, id) WHERE error_code <> 0;
CREATE INDEX requestlog_request_location ON requestlog_request (brand_id, location_id, id);
ALTER TABLE requestlog_key ADD CONSTRAINT requestlog_key_digest CHECK (octet_length(digest) = 16);
"""


class Migration(migrations.Migration):
    dependencies = [("requestlog", "0001_initial")]

    operations = [migrations.RunSQL(REQUEST, "DROP TABLE requestlog_request")]
