-- One of each kind of thing that a database of MariaDB holds, and text that is not UTF-8 inside.
CREATE DATABASE whole CHARACTER SET latin1 COLLATE latin1_german2_ci;
USE whole;
CREATE SEQUENCE numbers START WITH 7 INCREMENT BY 3;
CREATE TABLE towns (
  id INT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(40) NOT NULL DEFAULT 'Köln',
  number BIGINT DEFAULT NEXTVAL(numbers),
  length INT AS (CHAR_LENGTH(name)) STORED,
  first_letter CHAR(1) AS (LEFT(name, 1)) VIRTUAL,
  KEY by_name (name),
  CONSTRAINT is_named CHECK (name <> '')
) ENGINE=InnoDB;
CREATE TABLE streets (
  town INT NOT NULL, name TEXT CHARACTER SET utf8mb4,
  CONSTRAINT in_town FOREIGN KEY (town) REFERENCES towns (id) ON DELETE CASCADE
) ENGINE=InnoDB;
CREATE TABLE weather (year INT NOT NULL, words TEXT) ENGINE=InnoDB
  PARTITION BY RANGE (year) (PARTITION old VALUES LESS THAN (2020), PARTITION young VALUES LESS THAN MAXVALUE);
CREATE TABLE visits (words VARCHAR(40)) ENGINE=MyISAM;
CREATE TABLE counts (words VARCHAR(40)) ENGINE=Aria;
INSERT INTO towns (name) VALUES ('Köln'), ('Düren'), ('Würselen'), ('Neuß');
INSERT INTO streets VALUES (1, 'Straße der Größe 😀'), (2, 'Übergang');
INSERT INTO weather VALUES (1999, 'trüb'), (2026, 'schön');
INSERT INTO visits VALUES ('Grüße'), ('Öl');
INSERT INTO counts VALUES ('zwölf'), ('fünf');
CREATE VIEW long_names AS SELECT id, name FROM towns WHERE length > 4;
CREATE FUNCTION shout(words VARCHAR(40)) RETURNS VARCHAR(40) DETERMINISTIC RETURN UPPER(words);
DELIMITER //
CREATE PROCEDURE forget(town INT) BEGIN DELETE FROM streets WHERE streets.town = town; END //
CREATE TRIGGER trimmed BEFORE INSERT ON towns FOR EACH ROW SET NEW.name = TRIM(NEW.name) //
CREATE EVENT tidied ON SCHEDULE EVERY 1 YEAR DISABLE DO DELETE FROM weather WHERE words = 'müde' //
DELIMITER ;
CREATE ROLE whole_reader;
CREATE USER whole_kim@localhost IDENTIFIED BY 'invented-0123456789';
GRANT SELECT ON whole.* TO whole_reader;
GRANT whole_reader TO whole_kim@localhost;
SET DEFAULT ROLE whole_reader FOR whole_kim@localhost;
GRANT UPDATE (name) ON whole.towns TO whole_kim@localhost;
GRANT EXECUTE ON FUNCTION whole.shout TO whole_kim@localhost;
