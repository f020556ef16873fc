/** The shop's products and the people one may be, as the demo gateway lists them. */

/**
 * @typedef {{sku: string, name: string, category: string, brand?: string, price: string, stock: number, status?: string,
 *   description?: string, attributes: Record<string, unknown>, goes_with: string[]}} Product
 * @typedef {{id: string, name: string, level: string | null, orders: number}} Customer
 */

const get = async (path, options) => {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return response.json();
};

/** @returns {Promise<Product[]>} */
export const products = () => get("/demo/products");

/** Who one may sign in as; nobody where the shop is not the demo. @returns {Promise<Customer[]>} */
export const customers = () => get("/demo/customers");

/** The identity token the shop's own back end would sign for a customer. @returns {Promise<string>} */
export async function identityOf(customer) {
  const body = JSON.stringify({ customer });
  const headers = { "content-type": "application/json" };
  return (await get("/demo/identity", { method: "POST", headers, body })).identity;
}

/** 美妆护肤/口红 → ["美妆护肤", "口红"] */
export const shelf = (product) => (product.category || "其他").split("/");

/** The part of a name after the brand, which stands above it. */
export const shortName = ({ name, brand }) => (brand && name.startsWith(`${brand} `) ? name.slice(brand.length + 1) : name);

/** Whether and how many are left, in the shop's words. */
export function availability({ stock, status }) {
  if (status === "off_shelf") return "已下架";
  if (!stock) return "补货中";
  return stock <= 10 ? `仅剩 ${stock} 件` : "有货";
}

export const canBuy = ({ stock, status }) => stock > 0 && status !== "off_shelf";

/** The words of an attribute's value; lists are joined. */
export const wording = (value) => (Array.isArray(value) ? value.join("、") : String(value).replaceAll(";", "、"));
