-- Plenum's tables after all migrations, with those of the Django applications that it uses.
-- $$later stands for how Django declares every foreign key, $$response for the columns that every
-- contribution to a debate has.
-- Sources: DemokratieInBewegung/plenum, voty/*/migrations; Django 3.2.

CREATE TABLE django_migrations (
  id serial PRIMARY KEY,
  app varchar(255) NOT NULL,
  name varchar(255) NOT NULL,
  applied timestamptz NOT NULL
);
CREATE TABLE django_content_type (
  id serial PRIMARY KEY,
  app_label varchar(100) NOT NULL,
  model varchar(100) NOT NULL,
  UNIQUE (app_label, model)
);
CREATE TABLE django_site (
  id serial PRIMARY KEY,
  domain varchar(100) NOT NULL UNIQUE,
  name varchar(50) NOT NULL
);
CREATE TABLE django_session (
  session_key varchar(40) PRIMARY KEY,
  session_data text NOT NULL,
  expire_date timestamptz NOT NULL
);
CREATE INDEX django_session_expire_date ON django_session (expire_date);

CREATE TABLE auth_user (
  id serial PRIMARY KEY,
  password varchar(128) NOT NULL,
  last_login timestamptz,
  is_superuser boolean NOT NULL,
  username varchar(150) NOT NULL UNIQUE,
  first_name varchar(150) NOT NULL,
  last_name varchar(150) NOT NULL,
  email varchar(254) NOT NULL,
  is_staff boolean NOT NULL,
  is_active boolean NOT NULL,
  date_joined timestamptz NOT NULL
);
CREATE INDEX auth_user_username_like ON auth_user (username varchar_pattern_ops);
CREATE TABLE auth_group (id serial PRIMARY KEY, name varchar(150) NOT NULL UNIQUE);
CREATE TABLE auth_permission (
  id serial PRIMARY KEY,
  name varchar(255) NOT NULL,
  content_type_id integer NOT NULL REFERENCES django_content_type (id) $later,
  codename varchar(100) NOT NULL,
  UNIQUE (content_type_id, codename)
);
CREATE TABLE auth_group_permissions (
  id serial PRIMARY KEY,
  group_id integer NOT NULL REFERENCES auth_group (id) $later,
  permission_id integer NOT NULL REFERENCES auth_permission (id) $later,
  UNIQUE (group_id, permission_id)
);
CREATE TABLE auth_user_groups (
  id serial PRIMARY KEY,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  group_id integer NOT NULL REFERENCES auth_group (id) $later,
  UNIQUE (user_id, group_id)
);
CREATE TABLE auth_user_user_permissions (
  id serial PRIMARY KEY,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  permission_id integer NOT NULL REFERENCES auth_permission (id) $later,
  UNIQUE (user_id, permission_id)
);
CREATE TABLE django_admin_log (
  id serial PRIMARY KEY,
  action_time timestamptz NOT NULL,
  object_id text,
  object_repr varchar(200) NOT NULL,
  action_flag smallint NOT NULL CHECK (action_flag >= 0),
  change_message text NOT NULL,
  content_type_id integer REFERENCES django_content_type (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later
);
CREATE INDEX django_admin_log_user_id ON django_admin_log (user_id);

CREATE TABLE account_account (
  id serial PRIMARY KEY,
  timezone varchar(100) NOT NULL,
  language varchar(10) NOT NULL,
  user_id integer NOT NULL UNIQUE REFERENCES auth_user (id) $later
);
CREATE TABLE account_accountdeletion (
  id serial PRIMARY KEY,
  email varchar(254) NOT NULL,
  date_requested timestamptz NOT NULL,
  date_expunged timestamptz,
  user_id integer REFERENCES auth_user (id) $later
);
CREATE TABLE account_emailaddress (
  id serial PRIMARY KEY,
  email varchar(254) NOT NULL UNIQUE,
  verified boolean NOT NULL,
  "primary" boolean NOT NULL,
  user_id integer NOT NULL REFERENCES auth_user (id) $later
);
CREATE INDEX account_emailaddress_user_id ON account_emailaddress (user_id);
CREATE TABLE account_emailconfirmation (
  id serial PRIMARY KEY,
  created timestamptz NOT NULL,
  sent timestamptz,
  key varchar(64) NOT NULL UNIQUE,
  email_address_id integer NOT NULL REFERENCES account_emailaddress (id) $later
);
CREATE TABLE account_signupcode (
  id serial PRIMARY KEY,
  code varchar(64) NOT NULL UNIQUE,
  max_uses integer NOT NULL CHECK (max_uses >= 0),
  expiry timestamptz,
  email varchar(254) NOT NULL,
  notes text NOT NULL,
  sent timestamptz,
  created timestamptz NOT NULL,
  use_count integer NOT NULL CHECK (use_count >= 0),
  inviter_id integer REFERENCES auth_user (id) $later
);
CREATE TABLE account_signupcoderesult (
  id serial PRIMARY KEY,
  "timestamp" timestamptz NOT NULL,
  signup_code_id integer NOT NULL REFERENCES account_signupcode (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later
);
CREATE TABLE account_passwordexpiry (
  id serial PRIMARY KEY,
  expiry integer NOT NULL CHECK (expiry >= 0),
  user_id integer NOT NULL UNIQUE REFERENCES auth_user (id) $later
);
CREATE TABLE account_passwordhistory (
  id serial PRIMARY KEY,
  password varchar(255) NOT NULL,
  "timestamp" timestamptz NOT NULL,
  user_id integer NOT NULL REFERENCES auth_user (id) $later
);
CREATE TABLE avatar_avatar (
  id serial PRIMARY KEY,
  "primary" boolean NOT NULL,
  avatar varchar(1024) NOT NULL,
  date_uploaded timestamptz NOT NULL,
  user_id integer NOT NULL REFERENCES auth_user (id) $later
);
CREATE INDEX avatar_avatar_user_id ON avatar_avatar (user_id);

CREATE TABLE mailer_message (
  id serial PRIMARY KEY,
  message_data text NOT NULL,
  when_added timestamptz NOT NULL,
  priority smallint NOT NULL CHECK (priority >= 0)
);
CREATE TABLE mailer_messagelog (
  id serial PRIMARY KEY,
  message_data text NOT NULL,
  when_added timestamptz NOT NULL,
  priority smallint NOT NULL CHECK (priority >= 0),
  when_attempted timestamptz NOT NULL,
  result varchar(1) NOT NULL,
  log_message text NOT NULL,
  message_id text
);
CREATE TABLE mailer_dontsendentry (
  id serial PRIMARY KEY,
  to_address varchar(254) NOT NULL,
  when_added timestamptz NOT NULL
);
CREATE TABLE notifications_notification (
  id serial PRIMARY KEY,
  level varchar(20) NOT NULL,
  unread boolean NOT NULL,
  actor_object_id varchar(255) NOT NULL,
  verb varchar(255) NOT NULL,
  description text,
  target_object_id varchar(255),
  action_object_object_id varchar(255),
  "timestamp" timestamptz NOT NULL,
  public boolean NOT NULL,
  deleted boolean NOT NULL,
  emailed boolean NOT NULL,
  data text,
  actor_content_type_id integer NOT NULL REFERENCES django_content_type (id) $later,
  recipient_id integer NOT NULL REFERENCES auth_user (id) $later,
  target_content_type_id integer REFERENCES django_content_type (id) $later,
  action_object_content_type_id integer REFERENCES django_content_type (id) $later
);
CREATE INDEX notifications_notification_recipient_id ON notifications_notification (recipient_id);
CREATE TABLE pinax_notifications_noticetype (
  id serial PRIMARY KEY,
  label varchar(40) NOT NULL,
  display varchar(50) NOT NULL,
  description varchar(100) NOT NULL,
  "default" integer NOT NULL
);
CREATE TABLE pinax_notifications_noticesetting (
  id serial PRIMARY KEY,
  medium varchar(1) NOT NULL,
  send boolean NOT NULL,
  scoping_object_id integer CHECK (scoping_object_id >= 0),
  notice_type_id integer NOT NULL REFERENCES pinax_notifications_noticetype (id) $later,
  scoping_content_type_id integer REFERENCES django_content_type (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later
);
CREATE TABLE pinax_notifications_noticequeuebatch (
  id serial PRIMARY KEY,
  pickled_data text NOT NULL
);
CREATE TABLE reversion_revision (
  id serial PRIMARY KEY,
  date_created timestamptz NOT NULL,
  comment text NOT NULL,
  user_id integer REFERENCES auth_user (id) $later
);
CREATE INDEX reversion_revision_date_created ON reversion_revision (date_created);
CREATE TABLE reversion_version (
  id serial PRIMARY KEY,
  object_id varchar(191) NOT NULL,
  format varchar(255) NOT NULL,
  serialized_data text NOT NULL,
  object_repr text NOT NULL,
  content_type_id integer NOT NULL REFERENCES django_content_type (id) $later,
  revision_id integer NOT NULL REFERENCES reversion_revision (id) $later,
  db varchar(191) NOT NULL,
  UNIQUE (db, content_type_id, object_id, revision_id)
);

CREATE TABLE initadmin_invitebatch (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  total_found integer NOT NULL,
  new_added integer NOT NULL,
  payload text NOT NULL
);
CREATE TABLE initadmin_userconfig (
  id serial PRIMARY KEY,
  is_diverse_mod boolean NOT NULL,
  is_female_mod boolean NOT NULL,
  last_activity timestamptz,
  is_party_member boolean NOT NULL,
  user_id integer NOT NULL UNIQUE REFERENCES auth_user (id) $later
);

CREATE TABLE initproc_topic (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  closes_at timestamptz,
  topic text NOT NULL,
  motivation text NOT NULL,
  subtitle varchar(1024) NOT NULL
);
CREATE TABLE initproc_initiative (
  id serial PRIMARY KEY,
  title varchar(80) NOT NULL,
  subtitle varchar(1024) NOT NULL,
  state varchar(1) NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  summary text NOT NULL,
  problem text NOT NULL,
  forderung text NOT NULL,
  kosten text NOT NULL,
  fin_vorschlag text NOT NULL,
  arbeitsweise text NOT NULL,
  init_argument text NOT NULL,
  einordnung varchar(50) NOT NULL,
  ebene varchar(50) NOT NULL,
  bereich varchar(60) NOT NULL,
  went_public_at date,
  went_to_discussion_at date,
  went_to_voting_at date,
  was_closed_at date,
  eligible_voters integer,
  topic_id integer REFERENCES initproc_topic (id) $later,
  variant_of_id integer REFERENCES initproc_initiative (id) $later
);
CREATE INDEX initproc_initiative_variant_of_id ON initproc_initiative (variant_of_id);
CREATE TABLE initproc_issue (
  id serial PRIMARY KEY,
  title varchar(100) NOT NULL UNIQUE,
  motivation text NOT NULL,
  level varchar(50) NOT NULL,
  createdate timestamptz NOT NULL,
  changedate timestamptz NOT NULL,
  status varchar(1) NOT NULL,
  went_to_review_at date,
  went_to_seeking_support_at date,
  went_to_discussion_at date,
  went_to_final_review_at date,
  went_to_voting_at date,
  went_to_veto_phase_at date,
  was_closed_at date
);
CREATE INDEX initproc_issue_title_like ON initproc_issue (title varchar_pattern_ops);
CREATE TABLE initproc_solution (
  id serial PRIMARY KEY,
  title varchar(100) NOT NULL,
  description text NOT NULL,
  budget integer NOT NULL,
  createdate timestamptz NOT NULL,
  changedate timestamptz NOT NULL,
  status varchar(1) NOT NULL,
  passed_review_at timestamptz,
  issue_id integer NOT NULL REFERENCES initproc_issue (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  UNIQUE (issue_id, title)
);
CREATE TABLE initproc_vote (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  initiative_id integer NOT NULL REFERENCES initproc_initiative (id) $later,
  value integer NOT NULL,
  reason varchar(100) NOT NULL,
  UNIQUE (user_id, initiative_id)
);
CREATE INDEX initproc_vote_initiative_id ON initproc_vote (initiative_id);
CREATE INDEX initproc_vote_user_id ON initproc_vote (user_id);
CREATE TABLE initproc_option (
  id serial PRIMARY KEY,
  text text NOT NULL,
  index integer NOT NULL,
  initiative_id integer NOT NULL REFERENCES initproc_initiative (id) $later
);
CREATE TABLE initproc_preference (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  value integer NOT NULL,
  option_id integer NOT NULL REFERENCES initproc_option (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  UNIQUE (user_id, option_id)
);
CREATE TABLE initproc_resistance (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  value integer NOT NULL,
  reason varchar(500) NOT NULL,
  contribution_id integer REFERENCES initproc_initiative (id) $later,
  solution_id integer REFERENCES initproc_solution (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  UNIQUE (user_id, contribution_id),
  UNIQUE (user_id, solution_id)
);
CREATE TABLE initproc_supporter (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  ack boolean NOT NULL,
  initiator boolean NOT NULL,
  public boolean NOT NULL,
  first boolean NOT NULL,
  initiative_id integer REFERENCES initproc_initiative (id) $later,
  issue_id integer REFERENCES initproc_issue (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  UNIQUE (user_id, initiative_id),
  UNIQUE (user_id, issue_id)
);
CREATE INDEX initproc_supporter_initiative_id ON initproc_supporter (initiative_id);
CREATE TABLE initproc_veto (
  id serial PRIMARY KEY,
  createdate timestamptz NOT NULL,
  reason text NOT NULL,
  solution_id integer NOT NULL REFERENCES initproc_solution (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  UNIQUE (user_id, solution_id)
);
CREATE TABLE initproc_quorum (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  quorum integer NOT NULL
);
CREATE TABLE initproc_issuesupportersquorum (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  value integer NOT NULL
);
CREATE TABLE initproc_issuevotersquorum (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  value integer NOT NULL
);
CREATE TABLE initproc_pro ($response, title varchar(140) NOT NULL, text varchar(500) NOT NULL);
CREATE TABLE initproc_contra ($response, title varchar(140) NOT NULL, text varchar(500) NOT NULL);
CREATE TABLE initproc_proposal ($response, title varchar(140) NOT NULL, text varchar(1024) NOT NULL);
CREATE TABLE initproc_question ($response, title varchar(140) NOT NULL, text varchar(1024) NOT NULL);
CREATE TABLE initproc_moderation (
  $response,
  stale boolean NOT NULL,
  vote varchar(1) NOT NULL,
  text varchar(500) NOT NULL,
  issue_id integer REFERENCES initproc_issue (id) $later,
  UNIQUE (user_id, solution_id),
  UNIQUE (user_id, issue_id)
);
CREATE TABLE initproc_comment (
  id serial PRIMARY KEY,
  likes_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  target_id integer NOT NULL,
  text varchar(500) NOT NULL,
  target_type_id integer NOT NULL REFERENCES django_content_type (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later
);
CREATE INDEX initproc_comment_user_id ON initproc_comment (user_id);
CREATE TABLE initproc_like (
  id serial PRIMARY KEY,
  created_at timestamptz NOT NULL,
  target_id integer NOT NULL,
  target_type_id integer NOT NULL REFERENCES django_content_type (id) $later,
  user_id integer NOT NULL REFERENCES auth_user (id) $later,
  UNIQUE (user_id, target_type_id, target_id)
);
