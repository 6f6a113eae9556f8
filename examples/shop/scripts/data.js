/** Writes database/seeds/data/*.json: the same bytes in every run. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { categoryId } from './categories.js'
import { idOf, slugOf } from './ids.js'

const FOLDER = new URL('../database/seeds/data/', import.meta.url)

const times = { createdAt: '2025-11-30 08:00:00', updatedAt: '2025-11-30 08:00:00' }
const numbers = (count) => Array.from({ length: count }, (_, index) => index)
const at = (list, index) => list[index % list.length]

const NAMES = ['Asha Rao', 'Ben Ortiz', 'Chen Wei', 'Dana Novak', 'Emeka Obi', 'Freya Lund']
const ROLES = ['admin', 'manager', 'support', 'customer']
const RESOURCES = [
  'users',
  'roles',
  'categories',
  'brands',
  'products',
  'orders',
  'payments',
  'coupons',
  'banners',
  'reviews',
  'settings',
]
const ACTIONS = ['view', 'create', 'update', 'delete', 'export']
const BRANDS = [
  'Acme',
  'Borealis',
  'Cobalt',
  'Dune',
  'Ember',
  'Fjord',
  'Grove',
  'Halo',
  'Indigo',
  'Juniper',
  'Kite',
  'Lumen',
  'Mosaic',
  'Nimbus',
  'Orchid',
  'Pine',
]

const users = NAMES.map((name, index) => ({
  id: idOf('users', name),
  name,
  email: `${slugOf(name)}@example.com`,
  phone: `+1-202-555-01${10 + index}`,
  preferences: { newsletter: index % 2 === 0, theme: at(['light', 'dark'], index) },
  isActive: true,
  ...times,
}))
const roles = ROLES.map((name) => ({
  id: idOf('roles', name),
  name,
  description: `The ${name}s of the shop`,
  ...times,
}))
const permissions = RESOURCES.flatMap((resource) =>
  ACTIONS.map((action) => ({
    id: idOf('permissions', `${resource}.${action}`),
    name: `${resource}.${action}`,
    resource,
    action,
    ...times,
  })),
)
const brands = BRANDS.map((name) => ({
  id: idOf('brands', name),
  name,
  slug: slugOf(name),
  logoUrl: `https://cdn.example.com/brands/${slugOf(name)}.svg`,
  ...times,
}))
const products = numbers(12).map((index) => ({
  id: idOf('products', index),
  categoryId: categoryId(
    at(
      [
        ['Books', 'New', 'Basic'],
        ['Sports', 'Outdoor', 'Pro'],
        ['Home', 'Gifts', 'Sets'],
      ],
      index,
    ),
  ),
  brandId: at(brands, index).id,
  name: `${at(BRANDS, index)} ${at(['Lamp', 'Tent', 'Notebook', 'Mug'], index)}`,
  slug: `product-${index}`,
  description: `It's the "best" of its kind; 100 % of our testers say so.`,
  price: `${19 + index}.90`,
  attributes: { colour: at(['red', 'green', 'blue'], index), weight: 0.5 + index, tags: ['sale', `n${index}`] },
  ...times,
}))
const variants = products.map((product, index) => ({
  id: idOf('variants', index),
  productId: product.id,
  sku: `SKU-${1000 + index}`,
  price: product.price,
  stock: 5 * index,
  options: { size: at(['S', 'M', 'L'], index) },
  ...times,
}))
const addresses = users.map((user, index) => ({
  id: idOf('addresses', index),
  userId: user.id,
  line1: `${index + 1} Market Street`,
  city: at(['Pune', 'Lagos', 'Oslo'], index),
  postalCode: `4110${index}`,
  country: at(['IN', 'NG', 'NO'], index),
  isDefault: true,
  ...times,
}))
const orders = numbers(10).map((index) => ({
  id: idOf('orders', index),
  userId: at(users, index).id,
  addressId: at(addresses, index).id,
  number: `NEA-${2025000 + index}`,
  status: at(['paid', 'shipped', 'paid', 'pending', 'paid'], index),
  total: `${49 + index}.80`,
  ...times,
}))
const paid = orders.filter(({ status }) => status !== 'pending')
const carts = users.slice(0, 3).map((user, index) => ({ id: idOf('carts', index), userId: user.id, ...times }))

const DATA = {
  users,
  roles,
  permissions,
  role_permissions: permissions.slice(0, 20).map(({ id }) => ({ roleId: roles[0].id, permissionId: id })),
  user_roles: users.map((user, index) => ({ userId: user.id, roleId: at(roles, index).id })),
  brands,
  products,
  product_variants: variants,
  addresses,
  orders,
  order_items: numbers(12).map((index) => ({
    id: idOf('order_items', index),
    orderId: at(orders, index).id,
    variantId: at(variants, index).id,
    quantity: 1 + (index % 3),
    price: at(variants, index).price,
  })),
  payments: paid.map((order, index) => ({
    id: idOf('payments', index),
    orderId: order.id,
    // No UUID: the gateway's own kind of name.
    razorpayOrderId: `order_Nea${String(index).padStart(11, '0')}`,
    amount: order.total,
    currency: 'INR',
    status: 'captured',
    payload: { method: at(['card', 'upi'], index), attempts: 1 },
    ...times,
  })),
  carts,
  cart_items: numbers(4).map((index) => ({
    id: idOf('cart_items', index),
    cartId: at(carts, index).id,
    variantId: at(variants, index + 2).id,
    quantity: 1 + index,
  })),
  reviews: numbers(5).map((index) => ({
    id: idOf('reviews', index),
    productId: at(products, index).id,
    userId: at(users, index).id,
    rating: 5 - (index % 3),
    body: at(['Très bien 👍', 'Good; really', "Didn't fit"], index),
    ...times,
  })),
  wishlists: numbers(3).map((index) => ({
    id: idOf('wishlists', index),
    userId: at(users, index).id,
    productId: at(products, index + 5).id,
    ...times,
  })),
  coupons: numbers(3).map((index) => ({
    id: idOf('coupons', index),
    code: `WELCOME${index + 1}0`,
    discount: `${index + 1}0.00`,
    expiresAt: '2026-12-31 23:59:59',
    ...times,
  })),
  banners: numbers(3).map((index) => ({
    id: idOf('banners', index),
    title: `Banner ${index + 1}`,
    imageUrl: `https://cdn.example.com/banners/${index + 1}.webp`,
    linkUrl: '/sale',
    sortOrder: index,
    isActive: index < 2,
    ...times,
  })),
  notifications: numbers(4).map((index) => ({
    id: idOf('notifications', index),
    userId: at(users, index).id,
    type: 'order.paid',
    data: { order: at(orders, index).number },
    ...times,
  })),
  system_configs: Object.entries({
    currency: 'INR',
    'tax.rate': '18',
    'shipping.free_from': '499',
    'shop.name': 'Neastore',
  }).map(([key, value]) => ({ id: idOf('system_configs', key), key, value, ...times })),
  email_templates: ['welcome', 'order-paid'].map((name) => ({
    id: idOf('email_templates', name),
    name,
    subject: `Neastore: ${name}`,
    // Longer than a varchar(255).
    textBody: `Hello {{ name }},\n\n${'Thank you for shopping with us. '.repeat(12)}\n\nNeastore`,
    htmlBody: `<p>Hello {{ name }}</p>`,
    ...times,
  })),
}

mkdirSync(FOLDER, { recursive: true })
for (const [name, documents] of Object.entries(DATA)) {
  const lines = documents.map((document) => JSON.stringify(document))
  writeFileSync(new URL(`${name}.json`, FOLDER), `[\n${lines.join(',\n')}\n]\n`)
}
