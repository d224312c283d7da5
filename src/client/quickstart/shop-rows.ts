/** A few rows of the quickstart's shop; dates are fixed, so that every copy is the same. */
export const SHOP_ROWS = `
INSERT INTO customers VALUES
  (1, 'ada@example.org', 'Ada Berg', 'NO', TRUE, '2025-01-04 09:12:00'),
  (2, 'bo@example.org', 'Bo Lind', 'SE', FALSE, '2025-02-11 17:40:00'),
  (3, 'cai@example.org', 'Cai Roth', 'DE', TRUE, '2025-03-23 08:05:00');
INSERT INTO addresses VALUES
  (1, 1, 'Fjordveien 3', '5003', 'Bergen', 'NO'),
  (2, 2, 'Storgatan 14', '411 24', 'Göteborg', 'SE'),
  (3, 3, 'Hafenstraße 8', '20359', 'Hamburg', 'DE');
INSERT INTO categories VALUES (1, NULL, 'Outdoor'), (2, 1, 'Tents'), (3, 1, 'Stoves'), (4, NULL, 'Books');
INSERT INTO suppliers VALUES (1, 'Nordic Tents AS', 'sales@nordictents.example', 10), (2, 'Kocher GmbH', NULL, 5);
INSERT INTO products VALUES
  (1, 'TENT-2P-GRN', 'Trekking tent, 2 persons', 2, 1, 389.00, 2400, '{"colour":"green","persons":2}', NULL),
  (2, 'TENT-4P-RED', 'Family tent, 4 persons', 2, 1, 649.00, 6100, '{"colour":"red","persons":4}', '2025-06-30'),
  (3, 'STOVE-GAS', 'Gas stove', 3, 2, 59.90, 310, NULL, NULL),
  (4, 'BOOK-HUTS', 'Huts of the north', 4, NULL, 24.50, 480, '{"pages":212}', NULL);
INSERT INTO inventory VALUES
  ('OSL', 1, 14, '2025-07-01 06:00:00'), ('OSL', 3, 80, '2025-07-01 06:00:00'), ('HAM', 1, 3, NULL), ('HAM', 4, 41, NULL);
INSERT INTO orders VALUES
  (1, 1, 1, 'shipped', '2025-04-02 10:00:00', '2025-04-03 15:30:00'),
  (2, 2, 2, 'paid', '2025-06-18 20:15:00', NULL),
  (3, 3, 3, 'returned', '2025-05-09 12:45:00', '2025-05-10 09:00:00');
INSERT INTO order_items VALUES (1, 1, 1, 1, 389.00), (1, 2, 3, 2, 59.90), (2, 1, 4, 1, 24.50), (3, 1, 2, 1, 649.00);
INSERT INTO payments VALUES
  (1, 1, 'card', 508.80, '2025-04-02 10:01:00'), (2, 2, 'transfer', 24.50, '2025-06-20 07:00:00'),
  (3, 3, 'card', 649.00, '2025-05-09 12:46:00'), (4, 3, 'card', -649.00, '2025-05-21 11:00:00');
INSERT INTO reviews VALUES
  (1, 1, 1, 5, 'Held in a storm.', '2025-08-01 19:00:00'), (2, 3, 1, 4, NULL, '2025-08-01 19:05:00');
`;
