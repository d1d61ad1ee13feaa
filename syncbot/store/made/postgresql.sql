CREATE TABLE account (
	id BIGSERIAL NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" DEFAULT '' NOT NULL,
	handle TEXT COLLATE "C",
	email_key TEXT COLLATE "C",
	active BOOLEAN,
	is_bot BOOLEAN DEFAULT false NOT NULL,
	timezone TEXT COLLATE "C",
	is_asked BOOLEAN DEFAULT false NOT NULL,
	person_id BIGINT,
	matched_by TEXT COLLATE "C",
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_account_connection_remote_id ON account (connection, remote_id);
CREATE INDEX ix_account_person_id ON account (person_id);
CREATE TABLE answer (
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	target TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	at TEXT COLLATE "C" NOT NULL,
	said TEXT COLLATE "C" NOT NULL,
	entry TEXT COLLATE "C",
	ticked BOOLEAN DEFAULT false NOT NULL,
	state TEXT COLLATE "C" DEFAULT 'open' NOT NULL,
	reply TEXT COLLATE "C" DEFAULT '' NOT NULL,
	PRIMARY KEY (connection, remote_id)
);
CREATE TABLE author (
	connection TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (connection, account)
);
CREATE TABLE calendar (
	region TEXT COLLATE "C" NOT NULL,
	day BIGINT NOT NULL,
	on_date TEXT COLLATE "C" NOT NULL,
	workday BIGINT NOT NULL,
	PRIMARY KEY (region, day)
);
CREATE TABLE connection (
	name TEXT COLLATE "C" NOT NULL,
	tool TEXT COLLATE "C" NOT NULL,
	side TEXT COLLATE "C",
	promise_minutes BIGINT DEFAULT '1440' NOT NULL,
	is_configured BOOLEAN DEFAULT true NOT NULL,
	history_day BIGINT,
	PRIMARY KEY (name)
);
CREATE TABLE container (
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	closed BOOLEAN DEFAULT false NOT NULL,
	start_on TEXT COLLATE "C",
	due_on TEXT COLLATE "C",
	done_on TEXT COLLATE "C",
	PRIMARY KEY (connection, remote_id)
);
CREATE TABLE dependencies (
	root_id BIGINT NOT NULL,
	item_id BIGINT NOT NULL,
	next_id BIGINT,
	depth BIGINT NOT NULL,
	cycle_id BIGINT,
	PRIMARY KEY (root_id, item_id)
);
CREATE INDEX ix_dependencies_item_id ON dependencies (item_id);
CREATE TABLE edition (
	id BIGSERIAL NOT NULL,
	started_on TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE effort (
	item_id BIGINT NOT NULL,
	points DOUBLE PRECISION,
	minutes BIGINT,
	unknown TEXT COLLATE "C",
	PRIMARY KEY (item_id)
);
CREATE TABLE feature (
	id BIGINT NOT NULL,
	group_id BIGINT NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	scope_id BIGINT NOT NULL,
	seen TEXT COLLATE "C" NOT NULL,
	side TEXT COLLATE "C" NOT NULL,
	status TEXT COLLATE "C" NOT NULL,
	word TEXT COLLATE "C" NOT NULL,
	is_open BOOLEAN DEFAULT true NOT NULL,
	priority BIGINT,
	owner_id BIGINT,
	is_committed BOOLEAN DEFAULT false NOT NULL,
	is_waiting BOOLEAN DEFAULT false NOT NULL,
	lead_id BIGINT,
	goal_id BIGINT,
	due_on TEXT COLLATE "C",
	due_day BIGINT,
	done_day BIGINT,
	work_open BIGINT DEFAULT '0' NOT NULL,
	work_doing BIGINT DEFAULT '0' NOT NULL,
	work_done BIGINT DEFAULT '0' NOT NULL,
	effort_minutes BIGINT,
	effort_points DOUBLE PRECISION,
	PRIMARY KEY (id)
);
CREATE INDEX ix_feature_goal_id ON feature (goal_id);
CREATE TABLE feature_functions (
	feature_id BIGINT NOT NULL,
	function TEXT COLLATE "C" NOT NULL,
	work BIGINT DEFAULT '0' NOT NULL,
	anywhere BIGINT DEFAULT '0' NOT NULL,
	PRIMARY KEY (feature_id, function)
);
CREATE TABLE feature_people (
	feature_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	doing BIGINT DEFAULT '0' NOT NULL,
	open BIGINT DEFAULT '0' NOT NULL,
	free BIGINT DEFAULT '0' NOT NULL,
	PRIMARY KEY (feature_id, person_id)
);
CREATE TABLE feature_sprints (
	feature_id BIGINT NOT NULL,
	sprint_id BIGINT NOT NULL,
	open BIGINT DEFAULT '0' NOT NULL,
	PRIMARY KEY (feature_id, sprint_id)
);
CREATE TABLE finding (
	fingerprint TEXT COLLATE "C" NOT NULL,
	rule TEXT COLLATE "C" NOT NULL,
	view TEXT COLLATE "C" NOT NULL,
	subject BIGINT NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	side TEXT COLLATE "C" NOT NULL,
	person_id BIGINT,
	severity TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	first_day BIGINT NOT NULL,
	last_day BIGINT NOT NULL,
	checked_day BIGINT NOT NULL,
	first_edition BIGINT NOT NULL,
	edition BIGINT NOT NULL,
	in_baseline BOOLEAN DEFAULT false NOT NULL,
	is_confirmed BOOLEAN DEFAULT false NOT NULL,
	body BYTEA NOT NULL,
	PRIMARY KEY (fingerprint)
);
CREATE INDEX ix_finding_rule_state ON finding (rule, state);
CREATE TABLE flow (
	item_id BIGINT NOT NULL,
	cycle_days BIGINT,
	age_days BIGINT,
	moved_back BIGINT DEFAULT '0' NOT NULL,
	slips BIGINT DEFAULT '0' NOT NULL,
	carried BIGINT DEFAULT '0' NOT NULL,
	PRIMARY KEY (item_id)
);
CREATE TABLE forecast (
	milestone_id BIGINT NOT NULL,
	chance BIGINT,
	p50_day BIGINT,
	p85_day BIGINT,
	p95_day BIGINT,
	PRIMARY KEY (milestone_id)
);
CREATE TABLE former_key (
	connection TEXT COLLATE "C" NOT NULL,
	ref TEXT COLLATE "C" NOT NULL,
	url TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (connection, ref)
);
CREATE TABLE goal (
	id BIGINT NOT NULL,
	share BIGINT,
	state TEXT COLLATE "C",
	PRIMARY KEY (id)
);
CREATE TABLE item (
	id BIGINT NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	ref TEXT COLLATE "C" NOT NULL,
	url TEXT COLLATE "C" DEFAULT '' NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	side TEXT COLLATE "C" NOT NULL,
	title TEXT COLLATE "C" NOT NULL,
	title_key TEXT COLLATE "C" NOT NULL,
	status TEXT COLLATE "C" NOT NULL,
	word TEXT COLLATE "C" DEFAULT '' NOT NULL,
	is_open BOOLEAN DEFAULT true NOT NULL,
	is_flagged BOOLEAN DEFAULT false NOT NULL,
	is_restricted BOOLEAN DEFAULT false NOT NULL,
	is_archived BOOLEAN DEFAULT false NOT NULL,
	committed BOOLEAN,
	priority BIGINT,
	owner_account_id BIGINT,
	function TEXT COLLATE "C",
	requires TEXT COLLATE "C",
	points DOUBLE PRECISION,
	minutes BIGINT,
	left_minutes BIGINT,
	spent_minutes BIGINT,
	start_on TEXT COLLATE "C",
	start_day BIGINT,
	due_on TEXT COLLATE "C",
	due_day BIGINT,
	created_day BIGINT,
	changed_day BIGINT NOT NULL,
	started_day BIGINT,
	done_day BIGINT,
	description_words BIGINT,
	has_reason BOOLEAN,
	home_scope_id BIGINT NOT NULL,
	section TEXT COLLATE "C",
	team_ref TEXT COLLATE "C",
	team_word TEXT COLLATE "C",
	seen TEXT COLLATE "C" DEFAULT 'here' NOT NULL,
	derived_from TEXT COLLATE "C",
	is_committed BOOLEAN DEFAULT false NOT NULL,
	owner_id BIGINT,
	team_id BIGINT,
	parent_id BIGINT,
	group_id BIGINT,
	feature_id BIGINT,
	goal_id BIGINT,
	leads_out BOOLEAN DEFAULT false NOT NULL,
	leads_up BOOLEAN DEFAULT false NOT NULL,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_item_connection_remote_id ON item (connection, remote_id);
CREATE INDEX ix_item_derived_from ON item (derived_from) WHERE derived_from is not null;
CREATE INDEX ix_item_doing ON item (owner_id) WHERE status = 'doing';
CREATE INDEX ix_item_feature_id ON item (feature_id) WHERE feature_id is not null;
CREATE INDEX ix_item_goal ON item (group_id) WHERE kind = 'goal';
CREATE INDEX ix_item_goal_id ON item (goal_id) WHERE goal_id is not null;
CREATE INDEX ix_item_group_id ON item (group_id) WHERE group_id is not null;
CREATE INDEX ix_item_home_scope_id ON item (home_scope_id);
CREATE INDEX ix_item_missing ON item (kind) WHERE seen = 'missing';
CREATE INDEX ix_item_open ON item (kind) WHERE is_open;
CREATE INDEX ix_item_parent_id ON item (parent_id) WHERE parent_id is not null;
CREATE TABLE link (
	from_id BIGINT NOT NULL,
	to_id BIGINT NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	origin TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (from_id, to_id, type)
);
CREATE INDEX ix_link_to_id ON link (to_id);
CREATE TABLE link_suggestion (
	from_id BIGINT NOT NULL,
	to_id BIGINT NOT NULL,
	type TEXT COLLATE "C" NOT NULL,
	score BIGINT NOT NULL,
	PRIMARY KEY (from_id, to_id, type)
);
CREATE TABLE lost_twins (
	item_id BIGINT NOT NULL,
	twin_id BIGINT NOT NULL,
	fate TEXT COLLATE "C" DEFAULT 'gone' NOT NULL,
	PRIMARY KEY (item_id, twin_id)
);
CREATE TABLE metric (
	id BIGSERIAL NOT NULL,
	feature_id BIGINT,
	name TEXT COLLATE "C" NOT NULL,
	target DOUBLE PRECISION,
	direction TEXT COLLATE "C",
	PRIMARY KEY (id)
);
CREATE INDEX ix_metric_feature_id ON metric (feature_id);
CREATE TABLE name (
	connection TEXT COLLATE "C" NOT NULL,
	facet TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	name_key TEXT COLLATE "C" NOT NULL,
	id TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (connection, facet, scope, name_key)
);
CREATE TABLE needs (
	scope_id BIGINT NOT NULL,
	rule TEXT COLLATE "C" NOT NULL,
	field TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	filled_percent BIGINT,
	enough BOOLEAN DEFAULT false NOT NULL,
	PRIMARY KEY (scope_id, rule, field)
);
CREATE TABLE person (
	id BIGSERIAL NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	active BOOLEAN,
	is_bot BOOLEAN DEFAULT false NOT NULL,
	weekly_minutes BIGINT,
	region TEXT COLLATE "C",
	timezone TEXT COLLATE "C",
	roles TEXT COLLATE "C",
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_person_key ON person (key);
CREATE TABLE person_weeks (
	person_id BIGINT NOT NULL,
	week_on TEXT COLLATE "C" NOT NULL,
	week_day BIGINT NOT NULL,
	planned_minutes BIGINT,
	capacity_minutes BIGINT,
	capacity_from TEXT COLLATE "C",
	sources TEXT COLLATE "C",
	unknown TEXT COLLATE "C",
	PRIMARY KEY (person_id, week_on)
);
CREATE TABLE quarantine (
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	at TEXT COLLATE "C" NOT NULL,
	since TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (connection, remote_id)
);
CREATE TABLE record (
	id BIGINT NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	home_scope_id BIGINT NOT NULL,
	hash BYTEA NOT NULL,
	said BYTEA,
	body BYTEA NOT NULL,
	seen TEXT COLLATE "C" DEFAULT 'here' NOT NULL,
	fate TEXT COLLATE "C" DEFAULT '' NOT NULL,
	read_at TEXT COLLATE "C" NOT NULL,
	gone_day BIGINT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_record_connection_remote_id ON record (connection, remote_id);
CREATE INDEX ix_record_home_scope_id ON record (home_scope_id);
CREATE TABLE run (
	id BIGSERIAL NOT NULL,
	command TEXT COLLATE "C" NOT NULL,
	started_at TEXT COLLATE "C" NOT NULL,
	ended_at TEXT COLLATE "C",
	outcome TEXT COLLATE "C",
	error TEXT COLLATE "C",
	doing TEXT COLLATE "C",
	steps BYTEA,
	PRIMARY KEY (id)
);
CREATE TABLE scope (
	id BIGSERIAL NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	url TEXT COLLATE "C" DEFAULT '' NOT NULL,
	side TEXT COLLATE "C",
	team_id BIGINT,
	public BOOLEAN DEFAULT false NOT NULL,
	is_configured BOOLEAN DEFAULT true NOT NULL,
	read_at TEXT COLLATE "C",
	complete_at TEXT COLLATE "C",
	complete_day BIGINT,
	is_lacking BOOLEAN DEFAULT false NOT NULL,
	is_complete BOOLEAN DEFAULT false NOT NULL,
	error TEXT COLLATE "C",
	cursor TEXT COLLATE "C",
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_scope_connection_remote_id ON scope (connection, remote_id);
CREATE TABLE scope_link (
	scope_id BIGINT NOT NULL,
	other_id BIGINT NOT NULL,
	PRIMARY KEY (scope_id, other_id)
);
CREATE TABLE scope_side (
	scope_id BIGINT NOT NULL,
	side TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (scope_id, side)
);
CREATE TABLE scope_usual (
	scope_id BIGINT NOT NULL,
	p85_days BIGINT,
	PRIMARY KEY (scope_id)
);
CREATE TABLE snapshot (
	id BIGSERIAL NOT NULL,
	"of" TEXT COLLATE "C" NOT NULL,
	of_id BIGINT NOT NULL,
	event TEXT COLLATE "C" NOT NULL,
	taken_day BIGINT NOT NULL,
	rebuilt BOOLEAN DEFAULT false NOT NULL,
	start_on TEXT COLLATE "C",
	due_on TEXT COLLATE "C",
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_snapshot_of_of_id_event ON snapshot ("of", of_id, event);
CREATE TABLE sprint (
	id BIGSERIAL NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	board TEXT COLLATE "C" DEFAULT '' NOT NULL,
	state TEXT COLLATE "C" DEFAULT 'future' NOT NULL,
	team_id BIGINT,
	start_on TEXT COLLATE "C",
	start_day BIGINT,
	end_on TEXT COLLATE "C",
	end_day BIGINT,
	closed_day BIGINT,
	goal TEXT COLLATE "C",
	scope_id BIGINT,
	is_derived BOOLEAN DEFAULT false NOT NULL,
	is_known BOOLEAN DEFAULT true NOT NULL,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_sprint_connection_remote_id ON sprint (connection, remote_id);
CREATE TABLE sprint_load (
	sprint_id BIGINT NOT NULL,
	unit TEXT COLLATE "C" NOT NULL,
	planned DOUBLE PRECISION,
	estimated BIGINT DEFAULT '0' NOT NULL,
	unestimated BIGINT DEFAULT '0' NOT NULL,
	off_roadmap DOUBLE PRECISION,
	off_percent BIGINT,
	capacity DOUBLE PRECISION,
	capacity_from TEXT COLLATE "C",
	percent BIGINT,
	unknown TEXT COLLATE "C",
	PRIMARY KEY (sprint_id, unit)
);
CREATE TABLE state (
	connection TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	body BYTEA NOT NULL,
	at TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (connection, key)
);
CREATE TABLE stray (
	host TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (host, key)
);
CREATE TABLE target (
	id BIGSERIAL NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	title TEXT COLLATE "C" NOT NULL,
	remote_id TEXT COLLATE "C",
	ref TEXT COLLATE "C",
	url TEXT COLLATE "C",
	body_hash TEXT COLLATE "C",
	written_at TEXT COLLATE "C",
	muted_at TEXT COLLATE "C",
	noticed TEXT COLLATE "C",
	held TEXT COLLATE "C",
	is_left BOOLEAN DEFAULT false NOT NULL,
	is_touched BOOLEAN DEFAULT false NOT NULL,
	news_of TEXT COLLATE "C",
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_target_key ON target (key);
CREATE INDEX ix_target_news_of ON target (news_of);
CREATE TABLE team (
	id BIGSERIAL NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	lead_id BIGINT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_team_key ON team (key);
CREATE TABLE team_board (
	team_id BIGINT NOT NULL,
	board TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (team_id, board)
);
CREATE TABLE team_person (
	team_id BIGINT NOT NULL,
	person_id BIGINT NOT NULL,
	share DOUBLE PRECISION DEFAULT '1' NOT NULL,
	PRIMARY KEY (team_id, person_id)
);
CREATE INDEX ix_team_person_person_id ON team_person (person_id);
CREATE TABLE team_word (
	connection TEXT COLLATE "C" NOT NULL,
	ref TEXT COLLATE "C" NOT NULL,
	team_id BIGINT NOT NULL,
	PRIMARY KEY (connection, ref)
);
CREATE TABLE touched (
	connection TEXT COLLATE "C" NOT NULL,
	times BIGINT NOT NULL,
	PRIMARY KEY (connection)
);
CREATE TABLE trust (
	scope_id BIGINT NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	field TEXT COLLATE "C" NOT NULL,
	mapped BOOLEAN DEFAULT false NOT NULL,
	filled_percent BIGINT,
	fresh BOOLEAN DEFAULT false NOT NULL,
	complete BOOLEAN DEFAULT false NOT NULL,
	reason TEXT COLLATE "C",
	PRIMARY KEY (scope_id, kind, field)
);
CREATE TABLE twins (
	feature_id BIGINT NOT NULL,
	twin_id BIGINT NOT NULL,
	connection TEXT COLLATE "C" NOT NULL,
	scope_id BIGINT NOT NULL,
	status TEXT COLLATE "C" NOT NULL,
	word TEXT COLLATE "C" NOT NULL,
	is_open BOOLEAN DEFAULT true NOT NULL,
	owner_id BIGINT,
	due_on TEXT COLLATE "C",
	due_day BIGINT,
	done_day BIGINT,
	PRIMARY KEY (feature_id, twin_id)
);
CREATE TABLE waiver (
	rule TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	origin TEXT COLLATE "C" NOT NULL,
	until TEXT COLLATE "C" NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	by TEXT COLLATE "C",
	made_on TEXT COLLATE "C",
	PRIMARY KEY (rule, subject, origin)
);
CREATE TABLE assignee (
	item_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	role TEXT COLLATE "C" NOT NULL,
	share DOUBLE PRECISION NOT NULL,
	person_id BIGINT,
	PRIMARY KEY (item_id, account_id, role),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_assignee_person_id ON assignee (person_id) WHERE person_id is not null;
CREATE TABLE change (
	id BIGSERIAL NOT NULL,
	item_id BIGINT NOT NULL,
	field TEXT COLLATE "C" NOT NULL,
	"old" TEXT COLLATE "C",
	"new" TEXT COLLATE "C",
	at TEXT COLLATE "C" NOT NULL,
	day BIGINT NOT NULL,
	account_id BIGINT,
	PRIMARY KEY (id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_change_item_id_field ON change (item_id, field);
CREATE TABLE entry (
	record_id BIGINT NOT NULL,
	remote_id TEXT COLLATE "C" NOT NULL,
	at TEXT COLLATE "C" NOT NULL,
	field TEXT COLLATE "C" NOT NULL,
	old_id TEXT COLLATE "C",
	"old" TEXT COLLATE "C",
	new_id TEXT COLLATE "C",
	"new" TEXT COLLATE "C",
	account TEXT COLLATE "C",
	PRIMARY KEY (record_id, remote_id),
	FOREIGN KEY(record_id) REFERENCES record (id) ON DELETE CASCADE
);
CREATE INDEX ix_entry_at ON entry (at);
CREATE TABLE finding_event (
	id BIGSERIAL NOT NULL,
	fingerprint TEXT COLLATE "C" NOT NULL,
	day BIGINT NOT NULL,
	event TEXT COLLATE "C" NOT NULL,
	edition BIGINT NOT NULL,
	first_day BIGINT NOT NULL,
	first_edition BIGINT NOT NULL,
	last_day BIGINT NOT NULL,
	body BYTEA,
	PRIMARY KEY (id),
	FOREIGN KEY(fingerprint) REFERENCES finding (fingerprint) ON DELETE CASCADE
);
CREATE INDEX ix_finding_event_fingerprint_day ON finding_event (fingerprint, day);
CREATE TABLE item_sprint (
	item_id BIGINT NOT NULL,
	sprint_id BIGINT NOT NULL,
	is_current BOOLEAN DEFAULT true NOT NULL,
	added_day BIGINT,
	removed_day BIGINT,
	PRIMARY KEY (item_id, sprint_id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_item_sprint_sprint_id ON item_sprint (sprint_id);
CREATE TABLE membership (
	item_id BIGINT NOT NULL,
	scope_id BIGINT NOT NULL,
	section TEXT COLLATE "C",
	position DOUBLE PRECISION,
	is_home BOOLEAN DEFAULT false NOT NULL,
	PRIMARY KEY (item_id, scope_id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE TABLE outbox (
	id BIGSERIAL NOT NULL,
	target_id BIGINT NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	body BYTEA NOT NULL,
	body_hash TEXT COLLATE "C" NOT NULL,
	created_at TEXT COLLATE "C" NOT NULL,
	sent_at TEXT COLLATE "C",
	settled_at TEXT COLLATE "C",
	outcome TEXT COLLATE "C",
	error TEXT COLLATE "C",
	lease_until TEXT COLLATE "C",
	PRIMARY KEY (id),
	FOREIGN KEY(target_id) REFERENCES target (id) ON DELETE CASCADE
);
CREATE INDEX ix_outbox_target_id_state ON outbox (target_id, state);
CREATE TABLE past (
	record_id BIGINT NOT NULL,
	hash BYTEA NOT NULL,
	is_unsure BOOLEAN DEFAULT false NOT NULL,
	PRIMARY KEY (record_id),
	FOREIGN KEY(record_id) REFERENCES record (id) ON DELETE CASCADE
);
CREATE TABLE reading (
	metric_id BIGINT NOT NULL,
	day BIGINT NOT NULL,
	value DOUBLE PRECISION NOT NULL,
	provisional BOOLEAN DEFAULT false NOT NULL,
	PRIMARY KEY (metric_id, day),
	FOREIGN KEY(metric_id) REFERENCES metric (id) ON DELETE CASCADE
);
CREATE TABLE reference (
	id BIGSERIAL NOT NULL,
	item_id BIGINT NOT NULL,
	target TEXT COLLATE "C" NOT NULL,
	form TEXT COLLATE "C" NOT NULL,
	origin TEXT COLLATE "C" NOT NULL,
	meaning TEXT COLLATE "C",
	inward BOOLEAN DEFAULT false NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_reference_item_id ON reference (item_id);
CREATE INDEX ix_reference_target ON reference (target);
CREATE TABLE snapshot_item (
	snapshot_id BIGINT NOT NULL,
	item_id BIGINT NOT NULL,
	points DOUBLE PRECISION,
	minutes BIGINT,
	status TEXT COLLATE "C",
	due_on TEXT COLLATE "C",
	PRIMARY KEY (snapshot_id, item_id),
	FOREIGN KEY(snapshot_id) REFERENCES snapshot (id) ON DELETE CASCADE,
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_snapshot_item_item_id ON snapshot_item (item_id);
CREATE TABLE unmapped (
	record_id BIGINT NOT NULL,
	facet TEXT COLLATE "C" NOT NULL,
	word TEXT COLLATE "C" NOT NULL,
	scope TEXT COLLATE "C" NOT NULL,
	example TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (record_id, facet, word),
	FOREIGN KEY(record_id) REFERENCES record (id) ON DELETE CASCADE
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES ('0001');
