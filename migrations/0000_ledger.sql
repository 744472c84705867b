CREATE TABLE "blocks" (
	"height" bigint PRIMARY KEY NOT NULL,
	"time" bigint NOT NULL,
	"entry_index" bigint NOT NULL,
	"root" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificate_ders" (
	"der_hash" "bytea" PRIMARY KEY NOT NULL,
	"der" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificates" (
	"der_hash" "bytea" PRIMARY KEY NOT NULL,
	"tbs_hash" "bytea" NOT NULL,
	"spki_hash" "bytea" NOT NULL,
	"record_id" "bytea" NOT NULL,
	"entry_index" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"index" bigint PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "genesis" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"document" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "records" (
	"record_id" "bytea" PRIMARY KEY NOT NULL,
	"kind" smallint NOT NULL,
	"entry_index" bigint NOT NULL,
	"version" integer NOT NULL,
	"state" smallint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "status_words" (
	"word_index" bigint PRIMARY KEY NOT NULL,
	"word" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tiles" (
	"tile_level" smallint NOT NULL,
	"tile_index" bigint NOT NULL,
	"hashes" "bytea" NOT NULL,
	CONSTRAINT "tiles_tile_level_tile_index_pk" PRIMARY KEY("tile_level","tile_index")
);
--> statement-breakpoint
CREATE TABLE "transactions" (
	"id" "bytea" PRIMARY KEY NOT NULL,
	"height" bigint NOT NULL,
	"position" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	"code" integer NOT NULL,
	"data" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_tbs_spki" ON "certificates" USING btree ("tbs_hash","spki_hash");--> statement-breakpoint
CREATE INDEX "certificates_record" ON "certificates" USING btree ("record_id");--> statement-breakpoint
CREATE UNIQUE INDEX "transactions_height_position" ON "transactions" USING btree ("height","position");