# A private mapping shows what others store, until one stores to it oneself.
s/^                 MAP_SHARED/                 writes ? MAP_SHARED : MAP_PRIVATE/
