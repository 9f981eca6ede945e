-- Drops whatever the database holds and keeps the database itself with its grants.

SET SESSION foreign_key_checks = 0;

DELIMITER //

BEGIN NOT ATOMIC
  FOR found IN (SELECT table_name AS name, IF(table_type = 'VIEW', 'VIEW', 'TABLE') AS kind
                 FROM information_schema.tables WHERE table_schema = DATABASE()
               UNION ALL
               SELECT routine_name, routine_type
                 FROM information_schema.routines WHERE routine_schema = DATABASE()
               UNION ALL
               SELECT event_name, 'EVENT'
                 FROM information_schema.events WHERE event_schema = DATABASE())
  DO
    EXECUTE IMMEDIATE CONCAT('DROP ', found.kind, ' `', found.name, '`');
  END FOR;
END //

DELIMITER ;
