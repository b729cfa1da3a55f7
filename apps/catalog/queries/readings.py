"""What campaigns ask of products: readings for the one read statement."""

from collections.abc import Sequence

from apps.kernel.readings import Reading

_PRODUCTS = """WITH RECURSIVE above (sku, id, parent_id, code) AS (
  SELECT p.sku, g.id, g.parent_id, g.code FROM catalog_product p
  JOIN catalog_category g ON g.brand_id = p.brand_id AND g.id = p.category_id
  WHERE p.brand_id = %(brand)s AND p.sku = ANY(%(skus)s::text[])
  UNION SELECT a.sku, g.id, g.parent_id, g.code FROM above a
  JOIN catalog_category g ON g.brand_id = %(brand)s AND g.id = a.parent_id)
 SELECT jsonb_object_agg(p.sku, jsonb_build_array(
   (SELECT jsonb_agg(a.code ORDER BY a.code) FROM above a WHERE a.sku = p.sku),
   (SELECT jsonb_agg(t.tag ORDER BY t.tag) FROM catalog_producttag t
    WHERE t.brand_id = p.brand_id AND t.product_id = p.id)))
 FROM catalog_product p WHERE p.brand_id = %(brand)s AND p.sku = ANY(%(skus)s::text[])"""


def products(skus: Sequence[str]) -> Reading:
    """`{sku: [categories, tags]}` of the known ones among these SKUs: categories with all above them, either may be
    null."""
    return Reading("products", _PRODUCTS, {"skus": list(skus)})
