DROP TABLE queue_item_instruments;
DROP TABLE queue_items;
