CREATE TABLE account (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	name TEXT DEFAULT '' NOT NULL,
	handle TEXT,
	email_key TEXT,
	active BOOLEAN,
	is_bot BOOLEAN DEFAULT 0 NOT NULL,
	timezone TEXT,
	is_asked BOOLEAN DEFAULT 0 NOT NULL,
	person_id INTEGER,
	matched_by TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_account_connection_remote_id ON account (connection, remote_id);
CREATE INDEX ix_account_person_id ON account (person_id);
CREATE TABLE answer (
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	target TEXT NOT NULL,
	account TEXT NOT NULL,
	at TEXT NOT NULL,
	said TEXT NOT NULL,
	entry TEXT,
	ticked BOOLEAN DEFAULT 0 NOT NULL,
	state TEXT DEFAULT 'open' NOT NULL,
	reply TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (connection, remote_id)
);
CREATE TABLE author (
	connection TEXT NOT NULL,
	account TEXT NOT NULL,
	PRIMARY KEY (connection, account)
);
CREATE TABLE calendar (
	region TEXT NOT NULL,
	day INTEGER NOT NULL,
	on_date TEXT NOT NULL,
	workday INTEGER NOT NULL,
	PRIMARY KEY (region, day)
);
CREATE TABLE connection (
	name TEXT NOT NULL,
	tool TEXT NOT NULL,
	side TEXT,
	promise_minutes INTEGER DEFAULT '1440' NOT NULL,
	is_configured BOOLEAN DEFAULT 1 NOT NULL,
	history_day INTEGER,
	PRIMARY KEY (name)
);
CREATE TABLE container (
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	scope TEXT NOT NULL,
	type TEXT NOT NULL,
	name TEXT NOT NULL,
	closed BOOLEAN DEFAULT 0 NOT NULL,
	start_on TEXT,
	due_on TEXT,
	done_on TEXT,
	PRIMARY KEY (connection, remote_id)
);
CREATE TABLE dependencies (
	root_id INTEGER NOT NULL,
	item_id INTEGER NOT NULL,
	next_id INTEGER,
	depth INTEGER NOT NULL,
	cycle_id INTEGER,
	PRIMARY KEY (root_id, item_id)
);
CREATE INDEX ix_dependencies_item_id ON dependencies (item_id);
CREATE TABLE edition (
	id INTEGER NOT NULL,
	started_on TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE effort (
	item_id INTEGER NOT NULL,
	points DOUBLE,
	minutes INTEGER,
	unknown TEXT,
	PRIMARY KEY (item_id)
);
CREATE TABLE feature (
	id INTEGER NOT NULL,
	group_id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	scope_id INTEGER NOT NULL,
	seen TEXT NOT NULL,
	side TEXT NOT NULL,
	status TEXT NOT NULL,
	word TEXT NOT NULL,
	is_open BOOLEAN DEFAULT 1 NOT NULL,
	priority INTEGER,
	owner_id INTEGER,
	is_committed BOOLEAN DEFAULT 0 NOT NULL,
	is_waiting BOOLEAN DEFAULT 0 NOT NULL,
	lead_id INTEGER,
	goal_id INTEGER,
	due_on TEXT,
	due_day INTEGER,
	done_day INTEGER,
	work_open INTEGER DEFAULT '0' NOT NULL,
	work_doing INTEGER DEFAULT '0' NOT NULL,
	work_done INTEGER DEFAULT '0' NOT NULL,
	effort_minutes INTEGER,
	effort_points DOUBLE,
	PRIMARY KEY (id)
);
CREATE INDEX ix_feature_goal_id ON feature (goal_id);
CREATE TABLE feature_functions (
	feature_id INTEGER NOT NULL,
	function TEXT NOT NULL,
	work INTEGER DEFAULT '0' NOT NULL,
	anywhere INTEGER DEFAULT '0' NOT NULL,
	PRIMARY KEY (feature_id, function)
);
CREATE TABLE feature_people (
	feature_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	doing INTEGER DEFAULT '0' NOT NULL,
	open INTEGER DEFAULT '0' NOT NULL,
	free INTEGER DEFAULT '0' NOT NULL,
	PRIMARY KEY (feature_id, person_id)
);
CREATE TABLE feature_sprints (
	feature_id INTEGER NOT NULL,
	sprint_id INTEGER NOT NULL,
	open INTEGER DEFAULT '0' NOT NULL,
	PRIMARY KEY (feature_id, sprint_id)
);
CREATE TABLE finding (
	fingerprint TEXT NOT NULL,
	rule TEXT NOT NULL,
	"view" TEXT NOT NULL,
	subject INTEGER NOT NULL,
	connection TEXT NOT NULL,
	scope TEXT NOT NULL,
	side TEXT NOT NULL,
	person_id INTEGER,
	severity TEXT NOT NULL,
	state TEXT NOT NULL,
	first_day INTEGER NOT NULL,
	last_day INTEGER NOT NULL,
	checked_day INTEGER NOT NULL,
	first_edition INTEGER NOT NULL,
	edition INTEGER NOT NULL,
	in_baseline BOOLEAN DEFAULT 0 NOT NULL,
	is_confirmed BOOLEAN DEFAULT 0 NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (fingerprint)
);
CREATE INDEX ix_finding_rule_state ON finding (rule, state);
CREATE TABLE flow (
	item_id INTEGER NOT NULL,
	cycle_days INTEGER,
	age_days INTEGER,
	moved_back INTEGER DEFAULT '0' NOT NULL,
	slips INTEGER DEFAULT '0' NOT NULL,
	carried INTEGER DEFAULT '0' NOT NULL,
	PRIMARY KEY (item_id)
);
CREATE TABLE forecast (
	milestone_id INTEGER NOT NULL,
	chance INTEGER,
	p50_day INTEGER,
	p85_day INTEGER,
	p95_day INTEGER,
	PRIMARY KEY (milestone_id)
);
CREATE TABLE former_key (
	connection TEXT NOT NULL,
	ref TEXT NOT NULL,
	url TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	PRIMARY KEY (connection, ref)
);
CREATE TABLE goal (
	id INTEGER NOT NULL,
	share INTEGER,
	state TEXT,
	PRIMARY KEY (id)
);
CREATE TABLE item (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	ref TEXT NOT NULL,
	url TEXT DEFAULT '' NOT NULL,
	kind TEXT NOT NULL,
	side TEXT NOT NULL,
	title TEXT NOT NULL,
	title_key TEXT NOT NULL,
	status TEXT NOT NULL,
	word TEXT DEFAULT '' NOT NULL,
	is_open BOOLEAN DEFAULT 1 NOT NULL,
	is_flagged BOOLEAN DEFAULT 0 NOT NULL,
	is_restricted BOOLEAN DEFAULT 0 NOT NULL,
	is_archived BOOLEAN DEFAULT 0 NOT NULL,
	committed BOOLEAN,
	priority INTEGER,
	owner_account_id INTEGER,
	function TEXT,
	requires TEXT,
	points DOUBLE,
	minutes INTEGER,
	left_minutes INTEGER,
	spent_minutes INTEGER,
	start_on TEXT,
	start_day INTEGER,
	due_on TEXT,
	due_day INTEGER,
	created_day INTEGER,
	changed_day INTEGER NOT NULL,
	started_day INTEGER,
	done_day INTEGER,
	description_words INTEGER,
	has_reason BOOLEAN,
	home_scope_id INTEGER NOT NULL,
	section TEXT,
	team_ref TEXT,
	team_word TEXT,
	seen TEXT DEFAULT 'here' NOT NULL,
	derived_from TEXT,
	is_committed BOOLEAN DEFAULT 0 NOT NULL,
	owner_id INTEGER,
	team_id INTEGER,
	parent_id INTEGER,
	group_id INTEGER,
	feature_id INTEGER,
	goal_id INTEGER,
	leads_out BOOLEAN DEFAULT 0 NOT NULL,
	leads_up BOOLEAN DEFAULT 0 NOT NULL,
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
	from_id INTEGER NOT NULL,
	to_id INTEGER NOT NULL,
	type TEXT NOT NULL,
	origin TEXT NOT NULL,
	PRIMARY KEY (from_id, to_id, type)
)
 WITHOUT ROWID;
CREATE INDEX ix_link_to_id ON link (to_id);
CREATE TABLE link_suggestion (
	from_id INTEGER NOT NULL,
	to_id INTEGER NOT NULL,
	type TEXT NOT NULL,
	score INTEGER NOT NULL,
	PRIMARY KEY (from_id, to_id, type)
);
CREATE TABLE lost_twins (
	item_id INTEGER NOT NULL,
	twin_id INTEGER NOT NULL,
	fate TEXT DEFAULT 'gone' NOT NULL,
	PRIMARY KEY (item_id, twin_id)
);
CREATE TABLE metric (
	id INTEGER NOT NULL,
	feature_id INTEGER,
	name TEXT NOT NULL,
	target DOUBLE,
	direction TEXT,
	PRIMARY KEY (id)
);
CREATE INDEX ix_metric_feature_id ON metric (feature_id);
CREATE TABLE name (
	connection TEXT NOT NULL,
	facet TEXT NOT NULL,
	scope TEXT NOT NULL,
	name_key TEXT NOT NULL,
	id TEXT NOT NULL,
	PRIMARY KEY (connection, facet, scope, name_key)
);
CREATE TABLE needs (
	scope_id INTEGER NOT NULL,
	rule TEXT NOT NULL,
	field TEXT NOT NULL,
	kind TEXT NOT NULL,
	filled_percent INTEGER,
	enough BOOLEAN DEFAULT 0 NOT NULL,
	PRIMARY KEY (scope_id, rule, field)
);
CREATE TABLE person (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	name TEXT NOT NULL,
	active BOOLEAN,
	is_bot BOOLEAN DEFAULT 0 NOT NULL,
	weekly_minutes INTEGER,
	region TEXT,
	timezone TEXT,
	roles TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_person_key ON person ("key");
CREATE TABLE person_weeks (
	person_id INTEGER NOT NULL,
	week_on TEXT NOT NULL,
	week_day INTEGER NOT NULL,
	planned_minutes INTEGER,
	capacity_minutes INTEGER,
	capacity_from TEXT,
	sources TEXT,
	unknown TEXT,
	PRIMARY KEY (person_id, week_on)
);
CREATE TABLE quarantine (
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	scope TEXT NOT NULL,
	reason TEXT NOT NULL,
	at TEXT NOT NULL,
	since TEXT NOT NULL,
	PRIMARY KEY (connection, remote_id)
);
CREATE TABLE record (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	home_scope_id INTEGER NOT NULL,
	hash BLOB NOT NULL,
	said BLOB,
	body BLOB NOT NULL,
	seen TEXT DEFAULT 'here' NOT NULL,
	fate TEXT DEFAULT '' NOT NULL,
	read_at TEXT NOT NULL,
	gone_day INTEGER,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_record_connection_remote_id ON record (connection, remote_id);
CREATE INDEX ix_record_home_scope_id ON record (home_scope_id);
CREATE TABLE run (
	id INTEGER NOT NULL,
	command TEXT NOT NULL,
	started_at TEXT NOT NULL,
	ended_at TEXT,
	outcome TEXT,
	error TEXT,
	doing TEXT,
	steps BLOB,
	PRIMARY KEY (id)
);
CREATE TABLE scope (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	"key" TEXT NOT NULL,
	name TEXT NOT NULL,
	url TEXT DEFAULT '' NOT NULL,
	side TEXT,
	team_id INTEGER,
	public BOOLEAN DEFAULT 0 NOT NULL,
	is_configured BOOLEAN DEFAULT 1 NOT NULL,
	read_at TEXT,
	complete_at TEXT,
	complete_day INTEGER,
	is_lacking BOOLEAN DEFAULT 0 NOT NULL,
	is_complete BOOLEAN DEFAULT 0 NOT NULL,
	error TEXT,
	cursor TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_scope_connection_remote_id ON scope (connection, remote_id);
CREATE TABLE scope_link (
	scope_id INTEGER NOT NULL,
	other_id INTEGER NOT NULL,
	PRIMARY KEY (scope_id, other_id)
);
CREATE TABLE scope_side (
	scope_id INTEGER NOT NULL,
	side TEXT NOT NULL,
	PRIMARY KEY (scope_id, side)
);
CREATE TABLE scope_usual (
	scope_id INTEGER NOT NULL,
	p85_days INTEGER,
	PRIMARY KEY (scope_id)
);
CREATE TABLE snapshot (
	id INTEGER NOT NULL,
	"of" TEXT NOT NULL,
	of_id INTEGER NOT NULL,
	event TEXT NOT NULL,
	taken_day INTEGER NOT NULL,
	rebuilt BOOLEAN DEFAULT 0 NOT NULL,
	start_on TEXT,
	due_on TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_snapshot_of_of_id_event ON snapshot ("of", of_id, event);
CREATE TABLE sprint (
	id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	remote_id TEXT NOT NULL,
	name TEXT NOT NULL,
	board TEXT DEFAULT '' NOT NULL,
	state TEXT DEFAULT 'future' NOT NULL,
	team_id INTEGER,
	start_on TEXT,
	start_day INTEGER,
	end_on TEXT,
	end_day INTEGER,
	closed_day INTEGER,
	goal TEXT,
	scope_id INTEGER,
	is_derived BOOLEAN DEFAULT 0 NOT NULL,
	is_known BOOLEAN DEFAULT 1 NOT NULL,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_sprint_connection_remote_id ON sprint (connection, remote_id);
CREATE TABLE sprint_load (
	sprint_id INTEGER NOT NULL,
	unit TEXT NOT NULL,
	planned DOUBLE,
	estimated INTEGER DEFAULT '0' NOT NULL,
	unestimated INTEGER DEFAULT '0' NOT NULL,
	off_roadmap DOUBLE,
	off_percent INTEGER,
	capacity DOUBLE,
	capacity_from TEXT,
	percent INTEGER,
	unknown TEXT,
	PRIMARY KEY (sprint_id, unit)
);
CREATE TABLE state (
	connection TEXT NOT NULL,
	"key" TEXT NOT NULL,
	body BLOB NOT NULL,
	at TEXT NOT NULL,
	PRIMARY KEY (connection, "key")
);
CREATE TABLE stray (
	host TEXT NOT NULL,
	"key" TEXT NOT NULL,
	PRIMARY KEY (host, "key")
);
CREATE TABLE target (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	connection TEXT NOT NULL,
	scope TEXT NOT NULL,
	title TEXT NOT NULL,
	remote_id TEXT,
	ref TEXT,
	url TEXT,
	body_hash TEXT,
	written_at TEXT,
	muted_at TEXT,
	noticed TEXT,
	held TEXT,
	is_left BOOLEAN DEFAULT 0 NOT NULL,
	is_touched BOOLEAN DEFAULT 0 NOT NULL,
	news_of TEXT,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_target_key ON target ("key");
CREATE INDEX ix_target_news_of ON target (news_of);
CREATE TABLE team (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	name TEXT NOT NULL,
	lead_id INTEGER,
	PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_team_key ON team ("key");
CREATE TABLE team_board (
	team_id INTEGER NOT NULL,
	board TEXT NOT NULL,
	PRIMARY KEY (team_id, board)
);
CREATE TABLE team_person (
	team_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	share DOUBLE DEFAULT '1' NOT NULL,
	PRIMARY KEY (team_id, person_id)
);
CREATE INDEX ix_team_person_person_id ON team_person (person_id);
CREATE TABLE team_word (
	connection TEXT NOT NULL,
	ref TEXT NOT NULL,
	team_id INTEGER NOT NULL,
	PRIMARY KEY (connection, ref)
)
 WITHOUT ROWID;
CREATE TABLE touched (
	connection TEXT NOT NULL,
	times INTEGER NOT NULL,
	PRIMARY KEY (connection)
);
CREATE TABLE trust (
	scope_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	field TEXT NOT NULL,
	mapped BOOLEAN DEFAULT 0 NOT NULL,
	filled_percent INTEGER,
	fresh BOOLEAN DEFAULT 0 NOT NULL,
	complete BOOLEAN DEFAULT 0 NOT NULL,
	reason TEXT,
	PRIMARY KEY (scope_id, kind, field)
);
CREATE TABLE twins (
	feature_id INTEGER NOT NULL,
	twin_id INTEGER NOT NULL,
	connection TEXT NOT NULL,
	scope_id INTEGER NOT NULL,
	status TEXT NOT NULL,
	word TEXT NOT NULL,
	is_open BOOLEAN DEFAULT 1 NOT NULL,
	owner_id INTEGER,
	due_on TEXT,
	due_day INTEGER,
	done_day INTEGER,
	PRIMARY KEY (feature_id, twin_id)
);
CREATE TABLE waiver (
	rule TEXT NOT NULL,
	subject TEXT NOT NULL,
	origin TEXT NOT NULL,
	until TEXT NOT NULL,
	reason TEXT NOT NULL,
	"by" TEXT,
	made_on TEXT,
	PRIMARY KEY (rule, subject, origin)
);
CREATE TABLE assignee (
	item_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	role TEXT NOT NULL,
	share DOUBLE NOT NULL,
	person_id INTEGER,
	PRIMARY KEY (item_id, account_id, role),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE INDEX ix_assignee_person_id ON assignee (person_id) WHERE person_id is not null;
CREATE TABLE change (
	id INTEGER NOT NULL,
	item_id INTEGER NOT NULL,
	field TEXT NOT NULL,
	old TEXT,
	new TEXT,
	at TEXT NOT NULL,
	day INTEGER NOT NULL,
	account_id INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_change_item_id_field ON change (item_id, field);
CREATE TABLE entry (
	record_id INTEGER NOT NULL,
	remote_id TEXT NOT NULL,
	at TEXT NOT NULL,
	field TEXT NOT NULL,
	old_id TEXT,
	old TEXT,
	new_id TEXT,
	new TEXT,
	account TEXT,
	PRIMARY KEY (record_id, remote_id),
	FOREIGN KEY(record_id) REFERENCES record (id) ON DELETE CASCADE
);
CREATE INDEX ix_entry_at ON entry (at);
CREATE TABLE finding_event (
	id INTEGER NOT NULL,
	fingerprint TEXT NOT NULL,
	day INTEGER NOT NULL,
	event TEXT NOT NULL,
	edition INTEGER NOT NULL,
	first_day INTEGER NOT NULL,
	first_edition INTEGER NOT NULL,
	last_day INTEGER NOT NULL,
	body BLOB,
	PRIMARY KEY (id),
	FOREIGN KEY(fingerprint) REFERENCES finding (fingerprint) ON DELETE CASCADE
);
CREATE INDEX ix_finding_event_fingerprint_day ON finding_event (fingerprint, day);
CREATE TABLE item_sprint (
	item_id INTEGER NOT NULL,
	sprint_id INTEGER NOT NULL,
	is_current BOOLEAN DEFAULT 1 NOT NULL,
	added_day INTEGER,
	removed_day INTEGER,
	PRIMARY KEY (item_id, sprint_id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE INDEX ix_item_sprint_sprint_id ON item_sprint (sprint_id);
CREATE TABLE membership (
	item_id INTEGER NOT NULL,
	scope_id INTEGER NOT NULL,
	section TEXT,
	position DOUBLE,
	is_home BOOLEAN DEFAULT 0 NOT NULL,
	PRIMARY KEY (item_id, scope_id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE TABLE outbox (
	id INTEGER NOT NULL,
	target_id INTEGER NOT NULL,
	state TEXT NOT NULL,
	body BLOB NOT NULL,
	body_hash TEXT NOT NULL,
	created_at TEXT NOT NULL,
	sent_at TEXT,
	settled_at TEXT,
	outcome TEXT,
	error TEXT,
	lease_until TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(target_id) REFERENCES target (id) ON DELETE CASCADE
);
CREATE INDEX ix_outbox_target_id_state ON outbox (target_id, state);
CREATE TABLE past (
	record_id INTEGER NOT NULL,
	hash BLOB NOT NULL,
	is_unsure BOOLEAN DEFAULT 0 NOT NULL,
	PRIMARY KEY (record_id),
	FOREIGN KEY(record_id) REFERENCES record (id) ON DELETE CASCADE
);
CREATE TABLE reading (
	metric_id INTEGER NOT NULL,
	day INTEGER NOT NULL,
	value DOUBLE NOT NULL,
	provisional BOOLEAN DEFAULT 0 NOT NULL,
	PRIMARY KEY (metric_id, day),
	FOREIGN KEY(metric_id) REFERENCES metric (id) ON DELETE CASCADE
);
CREATE TABLE reference (
	id INTEGER NOT NULL,
	item_id INTEGER NOT NULL,
	target TEXT NOT NULL,
	form TEXT NOT NULL,
	origin TEXT NOT NULL,
	meaning TEXT,
	inward BOOLEAN DEFAULT 0 NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_reference_item_id ON reference (item_id);
CREATE INDEX ix_reference_target ON reference (target);
CREATE TABLE snapshot_item (
	snapshot_id INTEGER NOT NULL,
	item_id INTEGER NOT NULL,
	points DOUBLE,
	minutes INTEGER,
	status TEXT,
	due_on TEXT,
	PRIMARY KEY (snapshot_id, item_id),
	FOREIGN KEY(snapshot_id) REFERENCES snapshot (id) ON DELETE CASCADE,
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_snapshot_item_item_id ON snapshot_item (item_id);
CREATE TABLE unmapped (
	record_id INTEGER NOT NULL,
	facet TEXT NOT NULL,
	word TEXT NOT NULL,
	scope TEXT NOT NULL,
	example TEXT NOT NULL,
	PRIMARY KEY (record_id, facet, word),
	FOREIGN KEY(record_id) REFERENCES record (id) ON DELETE CASCADE
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO alembic_version VALUES ('0001');
