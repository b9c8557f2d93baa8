"""Products that are components of themselves."""

from collections import defaultdict


class Structure:
    """The multilevel structure below some components, read level by level.

    :param env: environment to read with
    :param components: list of ``Component``, the lines of the bills of materials
        themselves
    """

    def __init__(self, env, components):
        self.env = env
        self.made_of = {}
        level = defaultdict(set)
        for component in components:
            level[component.bom.company_id].add(component.product)
        for company, products in level.items():
            self._read(company, products)

    def find_path(self, component):
        """The path from a finished product through a component back to the product.

        :return: list of ``product.product`` from the finished product down to the
            finished product; empty where there is no such path
        """
        company = component.bom.company_id
        finished = set(component.variants)
        paths = {component.product: [component.product]}
        queue = [component.product]
        for product in queue:
            if product in finished:
                return [product, *paths[product]]
            for below in self.made_of.get((company, product), ()):
                if below not in paths:
                    paths[below] = [*paths[product], below]
                    queue.append(below)
        return []

    def _read(self, company, products):
        level = products
        while level:
            found = self._find_boms(company, level)
            below = set()
            for product in level:
                made_of = self._get_components(found[product], product)
                self.made_of[company, product] = made_of
                below.update(made_of)
            level = {p for p in below if (company, p) not in self.made_of}

    def _find_boms(self, company, products):
        products = self.env["product.product"].union(*products)
        return self.env["mrp.bom"]._bom_find(products, company_id=company.id)

    def _get_components(self, bom, product):
        lines = bom.bom_line_ids.filtered(lambda line: not line._skip_bom_line(product))
        return lines.product_id
