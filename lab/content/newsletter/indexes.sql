-- Mautic's search indexes of the two large tables, made after their rows are there: sorted builds
-- take a tenth of the time that keeping them up row by row would.

ALTER TABLE leads
  ADD KEY lead_date_added (date_added),
  ADD KEY date_identified (date_identified),
  ADD KEY last_active_search (last_active),
  ADD KEY points_search (points),
  ADD KEY firstname_search (firstname),
  ADD KEY lastname_search (lastname),
  ADD KEY email_search (email),
  ADD KEY company_search (company),
  ADD KEY phone_search (phone),
  ADD KEY city_search (city),
  ADD KEY state_search (state),
  ADD KEY zipcode_search (zipcode),
  ADD KEY country_search (country),
  ADD KEY contact_attribution (attribution, attribution_date),
  ADD KEY date_added_country_index (date_added, country),
  ADD KEY generated_email_domain (generated_email_domain);

ALTER TABLE email_stats
  ADD KEY stat_email_search (email_id, lead_id),
  ADD KEY stat_email_search2 (lead_id, email_id),
  ADD KEY stat_email_failed_search (is_failed),
  ADD KEY is_read_date_sent (is_read, date_sent),
  ADD KEY stat_email_hash_search (tracking_hash),
  ADD KEY stat_email_source_search (source, source_id),
  ADD KEY email_date_sent (date_sent),
  ADD KEY email_date_read_lead (date_read, lead_id),
  ADD KEY generated_sent_date_email_id (generated_sent_date, email_id);
