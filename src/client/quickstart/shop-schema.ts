/** Tables, views and keys of the quickstart's shop. The connector reads descriptions from the comments. */
export const SHOP_SCHEMA = `
CREATE TABLE customers ( -- People who have bought at least once
  customer_id INTEGER PRIMARY KEY, -- Number on the customer card
  email VARCHAR(254) NOT NULL UNIQUE, -- Lower case; also the login
  full_name VARCHAR(200) NOT NULL,
  country_code CHAR(2) NOT NULL, -- ISO 3166-1 alpha-2
  newsletter BOOLEAN NOT NULL DEFAULT FALSE, -- Agreed to get the newsletter
  created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP -- UTC
);

CREATE TABLE addresses ( -- Where orders go; a customer may have several
  address_id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  street VARCHAR(200) NOT NULL,
  postal_code VARCHAR(20) NOT NULL,
  city VARCHAR(100) NOT NULL,
  country_code CHAR(2) NOT NULL -- ISO 3166-1 alpha-2
);

CREATE TABLE categories ( -- Tree of product categories
  category_id INTEGER PRIMARY KEY,
  parent_id INTEGER REFERENCES categories (category_id), -- Empty at the top
  name VARCHAR(100) NOT NULL UNIQUE
);

CREATE TABLE suppliers ( -- Companies the shop buys from
  supplier_id INTEGER PRIMARY KEY,
  name VARCHAR(200) NOT NULL,
  contact_email VARCHAR(254),
  lead_time_days SMALLINT NOT NULL DEFAULT 7 -- Working days from order to delivery
);

CREATE TABLE products ( -- What is for sale, one row an article
  product_id INTEGER PRIMARY KEY,
  sku VARCHAR(32) NOT NULL UNIQUE, -- Stock keeping unit, as printed on the label
  name VARCHAR(200) NOT NULL,
  category_id INTEGER NOT NULL REFERENCES categories (category_id),
  supplier_id INTEGER REFERENCES suppliers (supplier_id),
  price DECIMAL(10, 2) NOT NULL CHECK (price >= 0), -- Gross, in euro
  weight_grams INTEGER,
  attributes JSON, -- Colour, size and the like
  discontinued_on DATE -- Empty while the product is on sale
);

CREATE TABLE inventory ( -- Stock by warehouse
  warehouse CHAR(3) NOT NULL, -- Code of the warehouse
  product_id INTEGER NOT NULL REFERENCES products (product_id),
  quantity INTEGER NOT NULL DEFAULT 0,
  counted_at TIMESTAMP, -- Last stock-taking
  PRIMARY KEY (warehouse, product_id)
);

CREATE TABLE orders ( -- One row an order, whatever became of it
  order_id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  shipping_address_id INTEGER REFERENCES addresses (address_id),
  status VARCHAR(20) NOT NULL CHECK (status IN ('new', 'paid', 'shipped', 'returned', 'cancelled')),
  ordered_at TIMESTAMP NOT NULL, -- UTC
  shipped_at TIMESTAMP -- Empty until it left the warehouse
);

CREATE TABLE order_items ( -- Positions of orders
  order_id INTEGER NOT NULL REFERENCES orders (order_id),
  line_number SMALLINT NOT NULL, -- From 1, as on the invoice
  product_id INTEGER NOT NULL REFERENCES products (product_id),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  unit_price DECIMAL(10, 2) NOT NULL, -- Price at the time of the order
  PRIMARY KEY (order_id, line_number)
);

CREATE TABLE payments ( -- Money received and paid back
  payment_id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES orders (order_id),
  method VARCHAR(20) NOT NULL, -- card, transfer or invoice
  amount DECIMAL(10, 2) NOT NULL, -- Negative when paid back
  paid_at TIMESTAMP NOT NULL
);

CREATE TABLE reviews ( -- What customers say about products
  review_id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES products (product_id),
  customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
  stars SMALLINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  body TEXT,
  written_at TIMESTAMP NOT NULL,
  UNIQUE (product_id, customer_id)
);

CREATE INDEX orders_by_customer ON orders (customer_id, ordered_at);
CREATE INDEX order_items_by_product ON order_items (product_id);

CREATE VIEW order_totals AS -- What each order came to
  SELECT o.order_id, o.customer_id, o.ordered_at, SUM(i.quantity * i.unit_price) AS total
  FROM orders o JOIN order_items i ON i.order_id = o.order_id
  GROUP BY o.order_id, o.customer_id, o.ordered_at;

CREATE VIEW customer_value AS -- Orders and revenue by customer
  SELECT c.customer_id, c.full_name, COUNT(t.order_id) AS orders, COALESCE(SUM(t.total), 0) AS revenue
  FROM customers c LEFT JOIN order_totals t ON t.customer_id = c.customer_id
  GROUP BY c.customer_id, c.full_name;

CREATE VIEW products_on_sale AS -- The shop window, with what is in stock
  SELECT p.product_id, p.sku, p.name, c.name AS category, p.price, COALESCE(SUM(s.quantity), 0) AS in_stock
  FROM products p JOIN categories c ON c.category_id = p.category_id LEFT JOIN inventory s ON s.product_id = p.product_id
  WHERE p.discontinued_on IS NULL
  GROUP BY p.product_id, p.sku, p.name, c.name, p.price;
`;
