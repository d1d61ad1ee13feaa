"""The connector for Trello."""
