-- What somebody added to the database over the years, beside Mautic's tables: exactly the things
-- that a dump without --routines --events --triggers leaves behind.

CREATE OR REPLACE SQL SECURITY INVOKER VIEW reachable_contacts AS
  SELECT l.id, l.firstname, l.lastname, l.email, l.preferred_locale
    FROM leads l
   WHERE l.email IS NOT NULL AND l.email <> ''
     AND NOT EXISTS (SELECT 1 FROM lead_donotcontact d
                      WHERE d.lead_id = l.id AND d.channel = 'email' AND d.reason <> 0);

DELIMITER //

CREATE TRIGGER remember_objection AFTER INSERT ON lead_donotcontact FOR EACH ROW
BEGIN
  INSERT INTO audit_log (user_id, user_name, bundle, object, object_id, action, details, date_added,
                         ip_address)
  VALUES (0, 'System', 'lead', 'donotcontact', COALESCE(NEW.lead_id, 0), 'create', 'a:0:{}',
          NEW.date_added, '127.0.0.1');
END //

CREATE PROCEDURE forget_address (IN address VARCHAR(191))
  SQL SECURITY INVOKER
  COMMENT 'Erases a person who asked for it; the statistics stay without a name'
BEGIN
  UPDATE email_stats SET email_address = '' WHERE email_address = address;
  DELETE FROM leads WHERE email = address;
END //

CREATE EVENT prune_lead_event_log ON SCHEDULE EVERY 1 WEEK STARTS '2026-01-04 03:10:00'
  DISABLE COMMENT 'Somebody switched it off when the log was needed as evidence'
DO
  DELETE FROM lead_event_log WHERE date_added < NOW() - INTERVAL 10 YEAR //

DELIMITER ;
