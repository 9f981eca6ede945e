-- Mautic's tables. $$tracked stands for the columns that nearly every entity carries, $$contact_fields
-- and $$company_fields for one column per row of lead_fields, $$like for engine and character set.
-- Sources: mautic/mautic, the entities' loadMetadata() and the generated columns' subscribers.

CREATE TABLE roles (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  is_admin TINYINT(1) NOT NULL,
  readable_permissions LONGTEXT NOT NULL COMMENT '(DC2Type:array)',
  PRIMARY KEY (id)
) $like;

CREATE TABLE permissions (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  role_id INT UNSIGNED NOT NULL,
  bundle VARCHAR(50) NOT NULL,
  name VARCHAR(50) NOT NULL,
  bitwise INT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY unique_perm (bundle, name, role_id),
  FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
) $like;

CREATE TABLE users (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  role_id INT UNSIGNED NOT NULL, $tracked,
  username VARCHAR(191) NOT NULL,
  password VARCHAR(64) NOT NULL,
  first_name VARCHAR(191) NOT NULL,
  last_name VARCHAR(191) NOT NULL,
  email VARCHAR(191) NOT NULL,
  position VARCHAR(191),
  timezone VARCHAR(191),
  locale VARCHAR(191),
  last_login DATETIME,
  last_active DATETIME,
  preferences LONGTEXT COMMENT '(DC2Type:array)',
  signature LONGTEXT,
  PRIMARY KEY (id),
  UNIQUE KEY username (username),
  UNIQUE KEY email (email),
  FOREIGN KEY (role_id) REFERENCES roles (id)
) $like;

CREATE TABLE categories (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, $tracked,
  title VARCHAR(191) NOT NULL,
  description LONGTEXT,
  alias VARCHAR(191) NOT NULL,
  color VARCHAR(7),
  bundle VARCHAR(50) NOT NULL,
  PRIMARY KEY (id),
  KEY category_alias_search (alias)
) $like;

CREATE TABLE stages (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  weight INT NOT NULL,
  publish_up DATETIME,
  publish_down DATETIME,
  PRIMARY KEY (id),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
) $like;

CREATE TABLE ip_addresses (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  ip_address VARCHAR(45) NOT NULL,
  ip_details LONGTEXT COMMENT '(DC2Type:array)',
  PRIMARY KEY (id),
  KEY ip_search (ip_address)
) $like;

CREATE TABLE lead_fields (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, $tracked,
  label VARCHAR(191) NOT NULL,
  alias VARCHAR(191) NOT NULL,
  type VARCHAR(50) NOT NULL,
  field_group VARCHAR(191),
  default_value VARCHAR(191),
  is_required TINYINT(1) NOT NULL,
  is_fixed TINYINT(1) NOT NULL,
  is_visible TINYINT(1) NOT NULL,
  is_short_visible TINYINT(1) NOT NULL,
  is_listable TINYINT(1) NOT NULL,
  is_publicly_updatable TINYINT(1) NOT NULL,
  is_unique_identifer TINYINT(1),
  field_order INT,
  object VARCHAR(191),
  properties LONGTEXT COMMENT '(DC2Type:array)',
  column_is_not_created TINYINT(1) NOT NULL,
  original_is_published_value TINYINT(1) NOT NULL,
  PRIMARY KEY (id),
  KEY search_by_object (object)
) $like;

CREATE TABLE leads (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  owner_id INT UNSIGNED,
  stage_id INT UNSIGNED, $tracked,
  points INT NOT NULL,
  last_active DATETIME,
  internal LONGTEXT COMMENT '(DC2Type:array)',
  social_cache LONGTEXT COMMENT '(DC2Type:array)',
  date_identified DATETIME,
  preferred_profile_image VARCHAR(191),
  $contact_fields,
  generated_email_domain VARCHAR(255)
    GENERATED ALWAYS AS (SUBSTRING(email, LOCATE('@', email) + 1)) VIRTUAL COMMENT '(DC2Type:generated)',
  PRIMARY KEY (id),
  FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL,
  FOREIGN KEY (stage_id) REFERENCES stages (id) ON DELETE SET NULL
) $like;

CREATE TABLE companies (
  id INT NOT NULL AUTO_INCREMENT,
  owner_id INT UNSIGNED, $tracked,
  social_cache LONGTEXT COMMENT '(DC2Type:array)',
  score INT,
  $company_fields,
  PRIMARY KEY (id),
  KEY company_filter (companyname, companyemail),
  FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE SET NULL
) $like;

CREATE TABLE companies_leads (
  company_id INT NOT NULL,
  lead_id BIGINT UNSIGNED NOT NULL,
  date_added DATETIME NOT NULL,
  is_primary TINYINT(1),
  PRIMARY KEY (company_id, lead_id),
  FOREIGN KEY (company_id) REFERENCES companies (id) ON DELETE CASCADE,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE lead_tags (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  tag VARCHAR(191) NOT NULL,
  PRIMARY KEY (id),
  KEY lead_tag_search (tag)
) $like;

CREATE TABLE lead_tags_xref (
  lead_id BIGINT UNSIGNED NOT NULL,
  tag_id INT UNSIGNED NOT NULL,
  PRIMARY KEY (lead_id, tag_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE,
  FOREIGN KEY (tag_id) REFERENCES lead_tags (id)
) $like;

CREATE TABLE lead_notes (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  lead_id BIGINT UNSIGNED NOT NULL, $tracked,
  text LONGTEXT NOT NULL,
  type VARCHAR(50),
  date_time DATETIME,
  PRIMARY KEY (id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE contact_merge_records (
  id INT NOT NULL AUTO_INCREMENT,
  contact_id BIGINT UNSIGNED NOT NULL,
  date_added DATETIME NOT NULL,
  merged_id INT NOT NULL,
  name VARCHAR(191) NOT NULL,
  PRIMARY KEY (id),
  KEY contact_merge_date_added (date_added),
  KEY contact_merge_ids (merged_id),
  FOREIGN KEY (contact_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE lead_donotcontact (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  lead_id BIGINT UNSIGNED,
  date_added DATETIME NOT NULL,
  reason SMALLINT NOT NULL,
  channel VARCHAR(191) NOT NULL,
  channel_id INT,
  comments LONGTEXT,
  PRIMARY KEY (id),
  KEY dnc_reason_search (reason),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE lead_frequencyrules (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  lead_id BIGINT UNSIGNED NOT NULL,
  date_added DATETIME NOT NULL,
  frequency_number SMALLINT,
  frequency_time VARCHAR(25),
  channel VARCHAR(191) NOT NULL,
  preferred_channel TINYINT(1) NOT NULL,
  pause_from_date DATETIME,
  pause_to_date DATETIME,
  PRIMARY KEY (id),
  KEY channel_frequency (channel),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE lead_categories (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED NOT NULL,
  lead_id BIGINT UNSIGNED NOT NULL,
  date_added DATETIME NOT NULL,
  manually_removed TINYINT(1) NOT NULL,
  manually_added TINYINT(1) NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE CASCADE,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE lead_lists (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  alias VARCHAR(191) NOT NULL,
  public_name VARCHAR(191) NOT NULL,
  filters LONGTEXT NOT NULL COMMENT '(DC2Type:array)',
  is_global TINYINT(1) NOT NULL,
  is_preference_center TINYINT(1) NOT NULL,
  last_built_date DATETIME,
  PRIMARY KEY (id),
  KEY lead_list_alias (alias),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
) $like;

CREATE TABLE lead_lists_leads (
  leadlist_id INT UNSIGNED NOT NULL,
  lead_id BIGINT UNSIGNED NOT NULL,
  date_added DATETIME NOT NULL,
  manually_removed TINYINT(1) NOT NULL,
  manually_added TINYINT(1) NOT NULL,
  PRIMARY KEY (leadlist_id, lead_id),
  KEY manually_removed (manually_removed),
  FOREIGN KEY (leadlist_id) REFERENCES lead_lists (id) ON DELETE CASCADE,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE lead_ips_xref (
  lead_id BIGINT UNSIGNED NOT NULL,
  ip_id INT UNSIGNED NOT NULL,
  PRIMARY KEY (lead_id, ip_id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
) $like;

CREATE TABLE lead_utmtags (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  lead_id BIGINT UNSIGNED NOT NULL,
  date_added DATETIME NOT NULL,
  query LONGTEXT COMMENT '(DC2Type:array)',
  referer LONGTEXT,
  remote_host VARCHAR(191),
  url LONGTEXT,
  user_agent LONGTEXT,
  utm_campaign VARCHAR(191),
  utm_content VARCHAR(191),
  utm_medium VARCHAR(191),
  utm_source VARCHAR(191),
  utm_term VARCHAR(191),
  PRIMARY KEY (id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE lead_event_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  lead_id BIGINT UNSIGNED,
  user_id INT,
  user_name VARCHAR(191),
  bundle VARCHAR(191),
  object VARCHAR(191),
  action VARCHAR(191),
  object_id INT,
  date_added DATETIME NOT NULL,
  properties JSON COMMENT '(DC2Type:json)',
  PRIMARY KEY (id),
  KEY lead_object_index (object, object_id),
  KEY lead_timeline_index (bundle, object, action, object_id),
  KEY lead_timeline_action_index (action),
  KEY lead_date_added_index (date_added),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE pages (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED,
  translation_parent_id INT UNSIGNED,
  variant_parent_id INT UNSIGNED, $tracked,
  title VARCHAR(191) NOT NULL,
  alias VARCHAR(191) NOT NULL,
  template VARCHAR(191),
  custom_html LONGTEXT,
  content LONGTEXT COMMENT '(DC2Type:array)',
  publish_up DATETIME,
  publish_down DATETIME,
  hits INT NOT NULL,
  unique_hits INT NOT NULL,
  variant_hits INT NOT NULL,
  revision INT NOT NULL,
  meta_description VARCHAR(191),
  head_script LONGTEXT,
  footer_script LONGTEXT,
  redirect_type VARCHAR(100),
  redirect_url VARCHAR(2048),
  is_preference_center TINYINT(1),
  no_index TINYINT(1),
  lang VARCHAR(191) NOT NULL,
  variant_settings LONGTEXT COMMENT '(DC2Type:array)',
  variant_start_date DATETIME,
  PRIMARY KEY (id),
  KEY page_alias_search (alias),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL,
  FOREIGN KEY (translation_parent_id) REFERENCES pages (id) ON DELETE CASCADE,
  FOREIGN KEY (variant_parent_id) REFERENCES pages (id) ON DELETE CASCADE
) $like;

CREATE TABLE forms (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  alias VARCHAR(191) NOT NULL,
  form_attr VARCHAR(191),
  cached_html LONGTEXT,
  post_action VARCHAR(191) NOT NULL,
  post_action_property LONGTEXT,
  publish_up DATETIME,
  publish_down DATETIME,
  template VARCHAR(191),
  in_kiosk_mode TINYINT(1),
  render_style TINYINT(1),
  form_type VARCHAR(191),
  no_index TINYINT(1),
  progressive_profiling_limit INT,
  PRIMARY KEY (id),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
) $like;

CREATE TABLE form_fields (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  form_id INT UNSIGNED NOT NULL,
  label LONGTEXT NOT NULL,
  show_label TINYINT(1),
  alias VARCHAR(191) NOT NULL,
  type VARCHAR(191) NOT NULL,
  is_custom TINYINT(1) NOT NULL,
  custom_parameters LONGTEXT COMMENT '(DC2Type:array)',
  default_value LONGTEXT,
  is_required TINYINT(1) NOT NULL,
  validation_message LONGTEXT,
  help_message LONGTEXT,
  field_order INT,
  properties LONGTEXT COMMENT '(DC2Type:array)',
  validation JSON COMMENT '(DC2Type:json)',
  parent_id VARCHAR(191),
  conditions JSON COMMENT '(DC2Type:json)',
  label_attr VARCHAR(191),
  input_attr VARCHAR(191),
  container_attr VARCHAR(191),
  lead_field VARCHAR(191),
  save_result TINYINT(1),
  is_auto_fill TINYINT(1),
  show_when_value_exists TINYINT(1),
  show_after_x_submissions INT,
  always_display TINYINT(1),
  mapped_object VARCHAR(191),
  mapped_field VARCHAR(191),
  PRIMARY KEY (id),
  KEY form_field_type_search (type),
  FOREIGN KEY (form_id) REFERENCES forms (id) ON DELETE CASCADE
) $like;

CREATE TABLE form_actions (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  form_id INT UNSIGNED NOT NULL,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  type VARCHAR(50) NOT NULL,
  action_order INT NOT NULL,
  properties LONGTEXT NOT NULL COMMENT '(DC2Type:array)',
  PRIMARY KEY (id),
  KEY form_action_type_search (type),
  FOREIGN KEY (form_id) REFERENCES forms (id) ON DELETE CASCADE
) $like;

CREATE TABLE form_submissions (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  form_id INT UNSIGNED NOT NULL,
  ip_id INT UNSIGNED NOT NULL,
  lead_id BIGINT UNSIGNED,
  page_id INT UNSIGNED,
  tracking_id VARCHAR(191),
  date_submitted DATETIME NOT NULL,
  referer LONGTEXT NOT NULL,
  PRIMARY KEY (id),
  KEY form_submission_tracking_search (tracking_id),
  KEY form_date_submitted (date_submitted),
  FOREIGN KEY (form_id) REFERENCES forms (id) ON DELETE CASCADE,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id),
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL,
  FOREIGN KEY (page_id) REFERENCES pages (id) ON DELETE SET NULL
) $like;

CREATE TABLE assets (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED, $tracked,
  title VARCHAR(191) NOT NULL,
  description LONGTEXT,
  alias VARCHAR(191) NOT NULL,
  storage_location VARCHAR(191),
  path VARCHAR(191),
  remote_path LONGTEXT,
  original_file_name LONGTEXT,
  lang VARCHAR(191) NOT NULL,
  publish_up DATETIME,
  publish_down DATETIME,
  download_count INT NOT NULL,
  unique_download_count INT NOT NULL,
  revision INT NOT NULL,
  extension VARCHAR(191),
  mime VARCHAR(191),
  size INT,
  disallow TINYINT(1),
  PRIMARY KEY (id),
  KEY asset_alias_search (alias),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
) $like;

CREATE TABLE emails (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED,
  translation_parent_id INT UNSIGNED,
  variant_parent_id INT UNSIGNED,
  unsubscribeform_id INT UNSIGNED,
  preference_center_id INT UNSIGNED, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  subject LONGTEXT,
  preheader_text VARCHAR(255),
  from_address VARCHAR(191),
  from_name VARCHAR(191),
  reply_to_address VARCHAR(191),
  bcc_address VARCHAR(191),
  use_owner_as_mailer TINYINT(1),
  template VARCHAR(191),
  content LONGTEXT COMMENT '(DC2Type:array)',
  utm_tags LONGTEXT COMMENT '(DC2Type:array)',
  plain_text LONGTEXT,
  custom_html LONGTEXT,
  email_type LONGTEXT,
  publish_up DATETIME,
  publish_down DATETIME,
  read_count INT NOT NULL,
  sent_count INT NOT NULL,
  variant_sent_count INT NOT NULL,
  variant_read_count INT NOT NULL,
  revision INT NOT NULL,
  lang VARCHAR(191) NOT NULL,
  variant_settings LONGTEXT COMMENT '(DC2Type:array)',
  variant_start_date DATETIME,
  dynamic_content LONGTEXT COMMENT '(DC2Type:array)',
  headers JSON NOT NULL COMMENT '(DC2Type:json)',
  public_preview TINYINT(1),
  PRIMARY KEY (id),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL,
  FOREIGN KEY (translation_parent_id) REFERENCES emails (id) ON DELETE CASCADE,
  FOREIGN KEY (variant_parent_id) REFERENCES emails (id) ON DELETE CASCADE,
  FOREIGN KEY (unsubscribeform_id) REFERENCES forms (id) ON DELETE SET NULL,
  FOREIGN KEY (preference_center_id) REFERENCES pages (id) ON DELETE SET NULL
) $like;

CREATE TABLE email_list_xref (
  email_id INT UNSIGNED NOT NULL,
  leadlist_id INT UNSIGNED NOT NULL,
  PRIMARY KEY (email_id, leadlist_id),
  FOREIGN KEY (email_id) REFERENCES emails (id) ON DELETE CASCADE,
  FOREIGN KEY (leadlist_id) REFERENCES lead_lists (id) ON DELETE CASCADE
) $like;

CREATE TABLE email_copies (
  id VARCHAR(32) NOT NULL,
  date_created DATETIME NOT NULL,
  body LONGTEXT,
  body_text LONGTEXT,
  subject LONGTEXT,
  PRIMARY KEY (id)
) $like;

CREATE TABLE email_stats (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  email_id INT UNSIGNED,
  lead_id BIGINT UNSIGNED,
  list_id INT UNSIGNED,
  ip_id INT UNSIGNED,
  copy_id VARCHAR(32),
  email_address VARCHAR(191) NOT NULL,
  date_sent DATETIME NOT NULL,
  is_read TINYINT(1) NOT NULL,
  is_failed TINYINT(1) NOT NULL,
  viewed_in_browser TINYINT(1) NOT NULL,
  date_read DATETIME,
  tracking_hash VARCHAR(191),
  retry_count INT,
  source VARCHAR(191),
  source_id INT,
  tokens LONGTEXT COMMENT '(DC2Type:array)',
  open_count INT,
  last_opened DATETIME,
  open_details LONGTEXT COMMENT '(DC2Type:array)',
  generated_sent_date DATE
    GENERATED ALWAYS AS (CONCAT(YEAR(date_sent), '-', LPAD(MONTH(date_sent), 2, '0'), '-',
                                LPAD(DAY(date_sent), 2, '0'))) VIRTUAL COMMENT '(DC2Type:generated)',
  PRIMARY KEY (id),
  FOREIGN KEY (email_id) REFERENCES emails (id) ON DELETE SET NULL,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL,
  FOREIGN KEY (list_id) REFERENCES lead_lists (id) ON DELETE SET NULL,
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id),
  FOREIGN KEY (copy_id) REFERENCES email_copies (id) ON DELETE SET NULL
) $like;

CREATE TABLE campaigns (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  publish_up DATETIME,
  publish_down DATETIME,
  canvas_settings LONGTEXT COMMENT '(DC2Type:array)',
  allow_restart TINYINT(1) NOT NULL,
  deleted DATETIME,
  PRIMARY KEY (id),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
) $like;

CREATE TABLE campaign_events (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  campaign_id INT UNSIGNED NOT NULL,
  parent_id INT UNSIGNED,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  type VARCHAR(50) NOT NULL,
  event_type VARCHAR(50) NOT NULL,
  event_order INT NOT NULL,
  properties LONGTEXT NOT NULL COMMENT '(DC2Type:array)',
  deleted DATETIME,
  trigger_date DATETIME,
  trigger_interval INT,
  trigger_interval_unit VARCHAR(1),
  trigger_hour TIME,
  trigger_restricted_start_hour TIME,
  trigger_restricted_stop_hour TIME,
  trigger_restricted_dow LONGTEXT COMMENT '(DC2Type:array)',
  trigger_mode VARCHAR(10),
  decision_path VARCHAR(191),
  temp_id VARCHAR(191),
  channel VARCHAR(191),
  channel_id INT,
  failed_count INT DEFAULT 0 NOT NULL,
  PRIMARY KEY (id),
  KEY campaign_event_search (type, event_type),
  KEY campaign_event_type (event_type),
  KEY campaign_event_channel (channel, channel_id),
  FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  FOREIGN KEY (parent_id) REFERENCES campaign_events (id)
) $like;

CREATE TABLE campaign_leads (
  campaign_id INT UNSIGNED NOT NULL,
  lead_id BIGINT UNSIGNED NOT NULL,
  date_added DATETIME NOT NULL,
  manually_removed TINYINT(1) NOT NULL,
  manually_added TINYINT(1) NOT NULL,
  date_last_exited DATETIME,
  rotation INT NOT NULL,
  PRIMARY KEY (campaign_id, lead_id),
  KEY campaign_leads_date_added (date_added),
  KEY campaign_leads_date_exited (date_last_exited),
  KEY campaign_leads (campaign_id, manually_removed, lead_id, rotation),
  FOREIGN KEY (campaign_id) REFERENCES campaigns (id) ON DELETE CASCADE,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE
) $like;

CREATE TABLE campaign_lead_event_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  event_id INT UNSIGNED NOT NULL,
  lead_id BIGINT UNSIGNED NOT NULL,
  campaign_id INT UNSIGNED,
  ip_id INT UNSIGNED,
  rotation INT NOT NULL,
  date_triggered DATETIME,
  is_scheduled TINYINT(1) NOT NULL,
  trigger_date DATETIME,
  system_triggered TINYINT(1) NOT NULL,
  metadata LONGTEXT COMMENT '(DC2Type:array)',
  channel VARCHAR(191),
  channel_id INT,
  non_action_path_taken TINYINT(1),
  PRIMARY KEY (id),
  UNIQUE KEY campaign_rotation (event_id, lead_id, rotation),
  KEY campaign_event_upcoming_search (is_scheduled, lead_id),
  KEY campaign_date_triggered (date_triggered),
  FOREIGN KEY (event_id) REFERENCES campaign_events (id) ON DELETE CASCADE,
  FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE,
  FOREIGN KEY (campaign_id) REFERENCES campaigns (id),
  FOREIGN KEY (ip_id) REFERENCES ip_addresses (id)
) $like;

CREATE TABLE dynamic_content (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED,
  translation_parent_id INT UNSIGNED,
  variant_parent_id INT UNSIGNED, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  publish_up DATETIME,
  publish_down DATETIME,
  sent_count INT NOT NULL,
  content LONGTEXT,
  utm_tags JSON COMMENT '(DC2Type:json)',
  lang VARCHAR(191) NOT NULL,
  variant_settings LONGTEXT COMMENT '(DC2Type:array)',
  variant_start_date DATETIME,
  filters LONGTEXT COMMENT '(DC2Type:array)',
  is_campaign_based TINYINT(1) NOT NULL DEFAULT 1,
  slot_name VARCHAR(191),
  PRIMARY KEY (id),
  KEY is_campaign_based_index (is_campaign_based),
  KEY slot_name_index (slot_name),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL,
  FOREIGN KEY (translation_parent_id) REFERENCES dynamic_content (id) ON DELETE CASCADE,
  FOREIGN KEY (variant_parent_id) REFERENCES dynamic_content (id) ON DELETE CASCADE
) $like;

CREATE TABLE messages (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  category_id INT UNSIGNED, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  publish_up DATETIME,
  publish_down DATETIME,
  PRIMARY KEY (id),
  KEY date_message_added (date_added),
  FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE SET NULL
) $like;

CREATE TABLE reports (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT, $tracked,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  system TINYINT(1) NOT NULL,
  source VARCHAR(191) NOT NULL,
  columns LONGTEXT COMMENT '(DC2Type:array)',
  filters LONGTEXT COMMENT '(DC2Type:array)',
  table_order LONGTEXT COMMENT '(DC2Type:array)',
  graphs LONGTEXT COMMENT '(DC2Type:array)',
  group_by LONGTEXT COMMENT '(DC2Type:array)',
  aggregators LONGTEXT COMMENT '(DC2Type:array)',
  settings JSON COMMENT '(DC2Type:json)',
  is_scheduled TINYINT(1) NOT NULL,
  schedule_unit VARCHAR(191),
  to_address VARCHAR(191),
  schedule_day VARCHAR(191),
  schedule_month_frequency VARCHAR(191),
  PRIMARY KEY (id)
) $like;

CREATE TABLE audit_log (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id INT NOT NULL,
  user_name VARCHAR(191) NOT NULL,
  bundle VARCHAR(50) NOT NULL,
  object VARCHAR(50) NOT NULL,
  object_id BIGINT UNSIGNED NOT NULL,
  action VARCHAR(50) NOT NULL,
  details LONGTEXT COMMENT '(DC2Type:array)',
  date_added DATETIME NOT NULL,
  ip_address VARCHAR(45) NOT NULL,
  PRIMARY KEY (id),
  KEY object_search (object, object_id),
  KEY timeline_search (bundle, object, action, object_id),
  KEY date_added_index (date_added)
) $like;

CREATE TABLE oauth2_clients (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  role_id INT UNSIGNED,
  name VARCHAR(191) NOT NULL,
  random_id VARCHAR(191) NOT NULL,
  secret VARCHAR(191) NOT NULL,
  redirect_uris LONGTEXT NOT NULL COMMENT '(DC2Type:array)',
  allowed_grant_types LONGTEXT NOT NULL COMMENT '(DC2Type:array)',
  PRIMARY KEY (id),
  KEY client_id_search (random_id),
  FOREIGN KEY (role_id) REFERENCES roles (id)
) $like;

CREATE TABLE plugins (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(191) NOT NULL,
  description LONGTEXT,
  is_missing TINYINT(1) NOT NULL,
  bundle VARCHAR(50) NOT NULL,
  version VARCHAR(191),
  author VARCHAR(191),
  PRIMARY KEY (id),
  UNIQUE KEY unique_bundle (bundle)
) $like;

CREATE TABLE plugin_integration_settings (
  id INT NOT NULL AUTO_INCREMENT,
  plugin_id INT UNSIGNED,
  name VARCHAR(191) NOT NULL,
  is_published TINYINT(1) NOT NULL,
  supported_features LONGTEXT COMMENT '(DC2Type:array)',
  api_keys LONGTEXT NOT NULL COMMENT '(DC2Type:array)',
  feature_settings LONGTEXT COMMENT '(DC2Type:array)',
  PRIMARY KEY (id),
  FOREIGN KEY (plugin_id) REFERENCES plugins (id) ON DELETE CASCADE
) $like;
