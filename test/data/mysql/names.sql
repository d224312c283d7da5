-- Names that break whoever forgets to quote. MariaDB takes no characters above U+FFFF in names.
CREATE DATABASE `names.of "all" ``kinds``` CHARACTER SET utf8mb4;
CREATE DATABASE `Names.Of "all" ``kinds``` CHARACTER SET utf8mb4;
USE `names.of "all" ``kinds```;
CREATE TABLE `dotted.name` (`a.b` INT PRIMARY KEY, `c d` INT);
CREATE TABLE `two words` (id INT);
CREATE TABLE `back``tick` (`x``y` INT UNIQUE);
CREATE TABLE `"quoted"` (`"` INT, `'` INT);
CREATE TABLE `single'quote` (id INT);
CREATE TABLE `a::b` (`c::d` INT);
CREATE TABLE `a>b` (`c>d` INT);
CREATE TABLE `50%_off\` (`?` INT);
CREATE TABLE `☃❤` (`☃` INT);
CREATE TABLE `שלום` (`مرحبا` INT, FOREIGN KEY for_rtl (`مرحبا`) REFERENCES `dotted.name` (`a.b`));
CREATE TABLE `a234567890123456789012345678901234567890123456789012345678901234` (
  `c234567890123456789012345678901234567890123456789012345678901234` INT);
CREATE TABLE `Case` (id INT);
CREATE TABLE `case` (id INT, other INT);
CREATE TABLE `CASE` (`ID` INT);
CREATE VIEW `v.i``e w` AS SELECT `a.b`, `c d` FROM `dotted.name`;
CREATE PROCEDURE `p.r``o"c` () SELECT 1;
USE `Names.Of "all" ``kinds```;
CREATE TABLE `only here` (id INT);
